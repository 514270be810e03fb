/** Scores of one task under one name as points: in the order of versions, or when they were made. */
import { isShare } from './score-words.ts';
import type { DoneScore } from './score-matrix.ts';

export type TrendOrder = 'version' | 'time';

export interface TrendPoint {
  readonly score: DoneScore;
  /** Under the axis. */
  readonly label: string;
  /** Across the picture, 0 to 1. */
  readonly at: number;
  readonly value: number;
  /** One standard error to each side. */
  readonly low: number;
  readonly high: number;
}

/** By version only the newest score of each counts; by time all of them. `scores` are newest first. */
export function trendPoints(scores: readonly DoneScore[], order: TrendOrder): readonly TrendPoint[] {
  const inTime = scores.toReversed();
  const chosen = order === 'time' ? inTime : [...new Map(inTime.map((score) => [nameOf(score), score])).values()].toSorted(byName);
  const times = chosen.map(timeOf);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return chosen.flatMap((score, index) => {
    const metric = score.result.metrics[0];
    if (metric === undefined) return [];
    const at = order === 'time' && last > first ? 0.04 + 0.92 * (((times[index] ?? 0) - first) / (last - first)) : (index + 0.5) / chosen.length;
    const error = metric.stderr ?? 0;
    const low = isShare(metric.name) ? Math.max(0, metric.value - error) : metric.value - error;
    return [{ score, label: nameOf(score), at, value: metric.value, low, high: metric.value + error }];
  });
}

/** A version's number; of anything else its label. */
const nameOf = ({ subject: { version, label } }: DoneScore): string => version?.version ?? label;
const byName = (one: DoneScore, other: DoneScore): number => nameOf(one).localeCompare(nameOf(other), undefined, { numeric: true });
export const timeOf = ({ ended, started }: DoneScore): number => Date.parse(ended ?? started ?? '') || 0;

/** The names under which there are scores: of versions without their number. */
export const subjectNames = (scores: readonly DoneScore[]): readonly string[] =>
  [...new Set(scores.map(subjectName))].sort((one, other) => one.localeCompare(other, undefined, { numeric: true }));

export const subjectName = ({ subject: { version, label } }: DoneScore): string => version?.name ?? label;
