/** Sets scores against each other: their figures, and the items on which they differ. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { ItemPair } from '../../../shared/contracts/comparison-calls.ts';
import { BenchmarkRecord, type BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { compareValues, differencesOf, type Side } from './compare-values.ts';
import { goodness, parseLine, readItemValues, readRecordLines, type MetricName } from './item-values.ts';

export type MadeScore = Pick<BenchmarkScore, 'score' | 'subject' | 'task' | 'state' | 'result'>;

export class Comparisons {
  readonly #scoreOf: (score: string) => MadeScore;

  /** `scoreOf` throws SCORE_UNKNOWN. */
  constructor(scoreOf: (score: string) => MadeScore) {
    this.#scoreOf = scoreOf;
  }

  /** Throws SCORE_UNKNOWN, SCORE_UNFINISHED, SCORES_NOT_COMPARABLE, BENCHMARK_RECORDS_INVALID and what files throw. */
  async compare({ scores, metric, confidence }: ParsedInputOf<'benchmarks.compare'>): Promise<OutputOf<'benchmarks.compare'>> {
    const [first, ...others] = scores.map((score) => doneScore(this.#scoreOf(score)));
    if (first === undefined) return { comparisons: [] };
    const rules = { metric: metric ?? scoreMetric(first.result), confidence };
    const base = await sideOf(first);
    const comparisons: OutputOf<'benchmarks.compare'>['comparisons'] = [];
    for (const other of others) comparisons.push(await compareValues(base, await sideOf(other), rules));
    return { comparisons };
  }

  /** Both files are read side by side, and only what is shown is looked into. Throws as `compare` does. */
  async flips({ base, other, metric, direction, after, limit }: ParsedInputOf<'benchmarks.flips'>): Promise<OutputOf<'benchmarks.flips'>> {
    const [one, two] = [doneScore(this.#scoreOf(base)), doneScore(this.#scoreOf(other))];
    const difference = differencesOf(one.result, two.result).join('; ');
    if (difference !== '') throw new AppError('SCORES_NOT_COMPARABLE', { base, other, difference });
    const asked = metric ?? scoreMetric(one.result);
    const items: ItemPair[] = [];
    let total = 0;
    let more = false;
    for await (const pair of recordPairs(one.result.records, two.result.records)) {
      if (!isWanted(changeOf(pair, asked, { base, other }), direction)) continue;
      total += 1;
      if (pair.base.index <= after) continue;
      if (items.length < limit) items.push({ index: pair.base.index, id: pair.base.id, ...pair });
      else more = true;
    }
    return { items, total, more };
  }
}

interface RecordPair {
  readonly base: BenchmarkRecord;
  readonly other: BenchmarkRecord;
}

/** Of the items that both have. */
async function* recordPairs(one: string, two: string): AsyncGenerator<RecordPair> {
  const others = readRecordLines(two);
  try {
    for await (const [number, line] of readRecordLines(one)) {
      const next = await others.next();
      if (next.done === true) return;
      if (number === 1) continue;
      yield {
        base: parseLine(BenchmarkRecord, line, { path: one, number }),
        other: parseLine(BenchmarkRecord, next.value[1], { path: two, number }),
      };
    }
  } finally {
    await others.return(undefined);
  }
}

/** Above 0: gained. */
function changeOf({ base, other }: RecordPair, metric: MetricName, scores: { readonly base: string; readonly other: string }): number {
  const [before, after] = [goodness(base, metric), goodness(other, metric)];
  if (before === null || after === null) throw new AppError('SCORES_NOT_COMPARABLE', { ...scores, difference: `their items have no ${metric}` });
  return after - before;
}

const isWanted = (change: number, direction: 'gained' | 'lost' | 'both'): boolean =>
  (change > 0 && direction !== 'lost') || (change < 0 && direction !== 'gained');

export type DoneScore = MadeScore & { readonly result: BenchmarkResult };

/** Throws SCORE_UNFINISHED. */
export function doneScore(score: MadeScore): DoneScore {
  const { result, state } = score;
  if (result === null) throw new AppError('SCORE_UNFINISHED', { score: score.score, state });
  return { ...score, result };
}

export const sideOf = async ({ score, subject, result }: DoneScore): Promise<Side> => ({
  score,
  label: subject.label,
  values: await readItemValues(result.records),
});

/** The first metric is the task's score. */
export function scoreMetric({ metrics }: BenchmarkResult): MetricName {
  const [first] = metrics;
  return first?.name ?? 'acc';
}
