/** What a step found, as names with values and as judgements, whatever the step. Pure. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { formatBytes, formatNumber, formatPercent } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';

type Json = DeploymentStep['evidence'][string];

export interface EvidenceRow {
  readonly name: string;
  readonly value: string;
}

export interface EvidenceCheck {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly words: string;
}

const isObject = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);
const verdicts: readonly unknown[] = ['pass', 'fail', 'inconclusive'];
const isCheck = (value: Json): value is Record<string, Json> & { name: string; verdict: EvidenceCheck['verdict']; words: string } =>
  isObject(value) && typeof value['name'] === 'string' && typeof value['words'] === 'string' && verdicts.includes(value['verdict']);

/** How the runner remembers what it is at; nothing that was found. */
const own = new Set(['waits_for', 'began', 'way']);

export function evidenceOf({ kind, evidence }: Pick<DeploymentStep, 'kind' | 'evidence'>): {
  readonly checks: readonly EvidenceCheck[];
  readonly rows: readonly EvidenceRow[];
} {
  const { checks = [], ...rest } = evidence;
  const judged = Array.isArray(checks) ? checks.filter(isCheck).map(({ name, verdict, words }) => ({ name: spaced(name), verdict, words })) : [];
  const rows = Object.entries(rest).flatMap(([name, value]) => {
    if (own.has(name)) return [];
    // How much of it has arrived: of use only on the way.
    if (kind === 'deliver' && name === 'share')
      return typeof value === 'number' && value < 1 ? [{ name: names['arrived'] ?? '', value: formatPercent(value) }] : [];
    return rowsOf(spaced(name), value, name);
  });
  return { checks: judged, rows };
}

const names: Readonly<Record<string, string>> = texts.deploy.page.evidenceNames;

const spaced = (name: string): string => {
  const known = names[name];
  if (known !== undefined) return known;
  const words = name.replace(/_ms$/, '').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

function rowsOf(label: string, value: Json, name: string): readonly EvidenceRow[] {
  if (isObject(value)) return Object.entries(value).flatMap(([inner, each]) => rowsOf(`${label}: ${spaced(inner).toLowerCase()}`, each, inner));
  return [{ name: label, value: textOf(value, name) }];
}

function textOf(value: Json, name: string): string {
  if (value === null || value === '') return '—';
  if (Array.isArray(value)) return value.length === 0 ? '—' : value.map((each) => textOf(each, name)).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'string') return value;
  if (name === 'ms' || name.endsWith('_ms')) return `${Math.round(value)} ms`;
  if (name === 'bytes' || name.endsWith('_bytes')) return formatBytes(value);
  return formatNumber(value);
}
