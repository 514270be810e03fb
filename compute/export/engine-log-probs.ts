/** Next-token log-probabilities at the last positions of prompts, as the engine computes them. */
import { Tape } from '../autograd/tape.ts';
import type { LoadedModel } from '../inference/load-for-inference.ts';
import { logitsOf } from '../models/logits.ts';
import { passTensors } from '../nn/pass.ts';
import { fromInts, scope } from '../tensor/tensor.ts';
import type { CheckProgress } from './check-progress.ts';
import { firstPosition, type LogProbs } from './effect-check.ts';

/** Throws CANCELLED. */
export async function engineLogProbs(loaded: LoadedModel, prompts: readonly (readonly number[])[], progress: CheckProgress): Promise<LogProbs[]> {
  const all: LogProbs[] = [];
  for (const tokens of prompts) {
    all.push(logProbsOf(loaded, tokens));
    await progress.advance();
  }
  return all;
}

function logProbsOf({ model, dtype }: LoadedModel, tokens: readonly number[]): LogProbs {
  const from = firstPosition(tokens.length);
  const positions = Int32Array.from(tokens.keys());
  const logits = scope(() => {
    const pass = { tape: new Tape({ recording: false }), dtype, ...passTensors(positions, Int32Array.of(0, tokens.length)), cache: null, dropout: null };
    const hidden = model.forward(pass, fromInts(Int32Array.from(tokens)), { recompute: false });
    return logitsOf(model, hidden.value, { from, to: tokens.length });
  });
  return Array.from({ length: tokens.length - from }, (_, row) => logSoftmax(logits.subarray(row * model.head.outputs, (row + 1) * model.head.outputs)));
}

function logSoftmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest;
  return logits.map((logit) => logit - total);
}
