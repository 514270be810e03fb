/** Scores the rows of a data file: mean loss, and whether the greedy answer is the row's own. */
import type { EvaluatedRow } from '../../shared/contracts/compute-jobs.ts';
import { countGraded, layoutRows } from '../data/layout-rows.ts';
import type { RenderedRow } from '../data/types.ts';
import { generateText } from './generate.ts';
import type { LoadedModel } from './load-for-inference.ts';
import { scoreRows } from './score.ts';

/** Tokens scored at once. */
const MICRO_TOKENS = 2048;

export interface RowLoss {
  readonly sum: number;
  readonly tokens: number;
}

/** Loss of each row's graded tokens, in the rows' order. */
export function* rowLosses({ model, dtype }: LoadedModel, rows: readonly RenderedRow[]): Generator<RowLoss> {
  const waiting = rows.map(countGraded);
  let next = 0;
  for (const micro of layoutRows(rows, { packing: true, microTokens: MICRO_TOKENS, padId: 0 })) {
    const { losses } = scoreRows(model, micro, { dtype });
    let from = 0;
    for (let s = 1; s < micro.segments.length; s++) {
      const tokens = waiting[next++] ?? 0;
      yield { sum: losses.subarray(from, from + tokens).reduce((sum, loss) => sum + loss, 0), tokens };
      from += tokens;
    }
  }
}

export interface AnswerCheck extends Pick<EvaluatedRow, 'correct' | 'expected' | 'output'> {
  readonly correct: boolean;
}

/** Generates the row's last answer greedily and compares it to the letter, blanks at the ends aside. */
export async function checkAnswer({ model, tokenizer, dtype }: LoadedModel, { tokens, graded }: RenderedRow, maxNewTokens: number): Promise<AnswerCheck> {
  const end = graded.lastIndexOf(1) + 1;
  const start = graded.subarray(0, end).lastIndexOf(0) + 1;
  const expected = tokenizer.decode(tokens.subarray(start, end), { skipSpecial: true }).trim();
  const options = { dtype, maxTokens: maxNewTokens, temperature: 0, topP: 1, seed: 0 };
  const { text } = await generateText(model, tokenizer, [...tokens.subarray(0, start)], options);
  const output = text.trim();
  return { correct: output === expected, expected, output };
}
