/** The gate's rules and verdicts as lines for people. */
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { GateVerdict, KeptVerdict } from '../../../shared/domain/gate-verdict.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import { table } from './table.ts';

/** One line a rule. */
export const verdictLines = ({ rules }: Pick<GateVerdict, 'rules'>): readonly string[] =>
  rules.map(({ rule, verdict, words }) => `${verdict}: ${rule}: ${words}`);

export const keptVerdictLines = (gate: KeptVerdict): readonly string[] => [
  `  its gate said ${gate.verdict ?? 'nothing'}${gate.against ? ', and it was approved against that' : ''}`,
  ...verdictLines(gate).map((line) => `    ${line}`),
];

export function rulesLines({ gates, own }: OutputOf<'gates.get'>, name: string | null): readonly string[] {
  const rules = Object.entries(gates).map(([key, value]) => [key.replaceAll('_', ' '), typeof value === 'number' ? formatNumber(value) : (value ?? '')]);
  const whose = name === null ? 'every name that has none of its own' : own ? name : `every name (${name} has none of its own)`;
  return rules.length === 0 ? [`No rules are set for ${name ?? 'names that have none of their own'}.`] : [`Rules for ${whose}:`, ...table(rules)];
}
