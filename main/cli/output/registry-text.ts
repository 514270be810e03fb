/** Model versions as lines for people. */
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { Comparison, Lineage, VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import type { StateEntry } from '../../../shared/domain/version-record.ts';
import { formatBytes, formatNumber } from '../../../shared/text/format.ts';
import { keptVerdictLines } from './gate-text.ts';
import { table } from './table.ts';

const number = (value: number | undefined): string => (value === undefined ? '-' : formatNumber(value));

export function listLines({ versions, next }: OutputOf<'registry.list'>): readonly string[] {
  if (versions.length === 0) return ['No such versions.'];
  const rows = versions.map((version) => {
    const { state, tags, metrics, base_model: base, created } = version;
    return [
      versionText(version),
      state,
      tags.join(',') || '-',
      number(metrics['final_loss']),
      number(metrics['test_exact_match']),
      base.name,
      created.slice(0, 10),
    ];
  });
  const more = next === null ? [] : ['More are not shown; ask for a name, a tag or a bound.'];
  return [...table([['version', 'state', 'tags', 'loss', 'exact match', 'base', 'made'], ...rows]), ...more];
}

export function versionLines(details: VersionDetails): readonly string[] {
  const { record, states, tags, dir } = details;
  const source = ({ name, sha256 }: { readonly name: string; readonly sha256: string | null }): string =>
    sha256 === null ? name : `${name} (${sha256.slice(0, 16)}…)`;
  return [
    ...table([
      ['version', versionText(details)],
      ['state', details.state],
      ['tags', tags.join(', ') || '-'],
      ...(details.description === '' ? [] : [['description', details.description]]),
      ['base model', source(details.base_model)],
      ...(record.dataset === null ? [] : [['data', source(record.dataset)]]),
      ...(record.run === null ? [] : [['run', record.run]]),
      ...Object.entries(record.metrics).map(([key, value]) => [key.replaceAll('_', ' '), formatNumber(value)]),
      ...Object.entries(record.metadata).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
      ['folder', dir],
      ...record.artifacts.map(({ path, bytes, sha256 }) => [path, `${formatBytes(bytes)}, SHA-256 ${sha256.slice(0, 16)}…`]),
    ]),
    ...states.flatMap((entry) => [stateLine(entry), ...(entry.gate === null ? [] : keptVerdictLines(entry.gate))]),
  ];
}

const stateLine = ({ state, at, actor, reason }: StateEntry): string =>
  `${at.slice(0, 16).replace('T', ' ')} ${state} by ${actor.user}${reason === null ? '' : `: ${reason}`}`;

export function historyLines({ name, history }: OutputOf<'registry.history'>): readonly string[] {
  if (history.length === 0) return [`${name} has had no tags.`];
  return history.map(({ tag, version, previous, at, actor, reason }) => {
    const to = version === null ? `taken from ${previous ?? '-'}` : previous === null ? `put on ${version}` : `moved from ${previous} to ${version}`;
    return `${at.slice(0, 16).replace('T', ' ')} ${tag} ${to} by ${actor.user}${reason === null ? '' : `: ${reason}`}`;
  });
}

export function comparisonLines({ model1, model2, differences, similarities }: Comparison): readonly string[] {
  const rows = differences.map(({ field, value1, value2, change }) => [field, cell(value1), cell(value2), change === null ? '' : signed(change)]);
  const same = similarities.map(({ field, value }) => `${field} ${cell(value)}`);
  return [
    ...(rows.length === 0 ? ['They do not differ.'] : table([['differs', versionText(model1), versionText(model2), 'change'], ...rows])),
    ...(same.length === 0 ? [] : ['', 'the same in both:', ...same.map((line) => `  ${line}`)]),
  ];
}

const signed = (change: number): string => `${change > 0 ? '+' : ''}${formatNumber(change)}`;

function cell(value: unknown): string {
  if (value === null) return '-';
  if (typeof value === 'number') return formatNumber(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

const relations = {
  base_of: 'base of',
  data_of: 'data of',
  continued_by: 'continued by',
  registered_as: 'registered as',
  scored_by: 'scored by',
  deployed_as: 'deployed as',
} as const;

/** A line an arrow, then what is known of each thing. */
export function lineageLines({ nodes, edges }: Lineage): readonly string[] {
  const label = new Map(nodes.map(({ id, kind, label: text }) => [id, `${kind.replaceAll('_', ' ')} ${text}`]));
  return [
    ...edges.map(({ from, to, relation }) => `${label.get(from) ?? from} — ${relations[relation]} → ${label.get(to) ?? to}`),
    '',
    ...nodes.map(({ id, facts }) => {
      const known = Object.entries(facts).flatMap(([key, value]) => (value === null ? [] : [`${key.replaceAll('_', ' ')} ${value}`]));
      return `${label.get(id) ?? id}: ${known.join(', ')}`;
    }),
  ];
}
