/** The gate's rules as they are written in their form; what is empty is not asked for. */
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { GatesConfig } from '../../../shared/domain/gates-config.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';

type Written = number | string | null;

export interface WrittenGates {
  readonly min_accuracy: Written;
  readonly min_gain: Written;
  readonly max_regression: Written;
  readonly significance: Written;
  readonly benchmark: string;
}

export const writtenGates = (gates: OutputOf<'gates.get'>['gates']): WrittenGates => ({
  min_accuracy: gates.min_accuracy ?? null,
  min_gain: gates.min_gain ?? null,
  max_regression: gates.max_regression ?? null,
  significance: gates.significance ?? null,
  benchmark: gates.benchmark ?? '',
});

export interface CheckedGates {
  /** null: something in them is wrong. */
  readonly gates: OutputOf<'gates.get'>['gates'] | null;
  readonly problems: ReadonlyMap<string, string>;
}

export function checkGates(written: WrittenGates): CheckedGates {
  const values: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null && value !== ''));
  const parsed = GatesConfig.partial().safeParse(values);
  const problems = new Map((parsed.error?.issues ?? []).map((issue) => [String(issue.path[0]), sentence(issueProblem(issue, values[String(issue.path[0])]))]));
  return { gates: parsed.success ? parsed.data : null, problems };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
