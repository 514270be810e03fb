/** What the scores of a version say, in words that claim no more than they show. */
import type { Evaluation, Scores } from '../../../shared/domain/version-record.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';
import { betterWhen, metricText } from './metric-text.ts';

const words = texts.registry.evaluation;

/** Of a test below it the outcome is not put down to chance. */
const significance = 0.05;

export interface ScoreRow {
  readonly score: 'exact_match' | 'loss' | 'perplexity';
  /** null: the base was not scored. */
  readonly before: string | null;
  readonly after: string;
  readonly change: string | null;
  readonly isBetter: boolean | null;
}

/** What was scored, most telling first. */
export function scoreRows({ before, after }: Pick<Evaluation, 'before' | 'after'>): readonly ScoreRow[] {
  return (['exact_match', 'loss', 'perplexity'] as const).flatMap((score): ScoreRow[] => {
    const now = after[score];
    const then = before?.[score] ?? null;
    if (now === null) return [];
    const row = { score, after: withError(after, score, now), before: before === null || then === null ? null : withError(before, score, then) };
    if (then === null || then === now) return [{ ...row, change: null, isBetter: null }];
    return [{ ...row, change: changeText(score, now - then), isBetter: now > then === (betterWhen(score) === 'more') }];
  });
}

function withError(scores: Scores, score: ScoreRow['score'], value: number): string {
  const error = score === 'perplexity' ? null : scores[`${score}_stderr`];
  if (error === null) return metricText(score, value);
  return score === 'exact_match' ? `${percents(value)} ± ${percents(error)} %` : `${metricText(score, value)} ± ${metricText(score, error)}`;
}

const percents = (share: number): string => (share * 100).toFixed(1);

/** With its sign. Shares change by percentage points. */
export function changeText(key: string, change: number): string {
  const sign = change < 0 ? '−' : '+';
  const size = Math.abs(change);
  return sign + (key.endsWith('exact_match') ? `${(size * 100).toFixed(1)} points` : metricText(key, size));
}

/** Sentences under the table: which rows, what the paired test says, what is missing. */
export function evaluationInWords({ data, before, after, test }: Evaluation): readonly string[] {
  const rows = words.rows(formatCount(after.rows), data.name);
  if (before === null) return [rows, words.noBefore];
  if (test === null) return [rows, words.noTest];
  return [rows, ...testInWords(test, after.rows)];
}

function testInWords({ name, gained, lost, p }: NonNullable<Evaluation['test']>, rows: number): readonly string[] {
  if (gained + lost === 0) return [words.nothingChanged, words.chance(chanceText(p), name)];
  const split = words.changed(formatCount(gained), lost === 0 ? 'none' : formatCount(lost), formatCount(rows));
  if (p >= significance) return [split, words.chance(chanceText(p), name)];
  return [split, gained > lost ? words.better(chanceText(p), name) : words.worse(chanceText(p), name)];
}

/** Nobody needs to know how many zeros. */
export const chanceText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${formatNumber(Number(p.toPrecision(2)))}`);
