/** Writes text token by token after a prompt, with a key-value cache. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { AppError } from '../../shared/errors/app-error.ts';
import { Tape } from '../autograd/tape.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { logitsOf } from '../models/logits.ts';
import { passTensors } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { fromInts, scope } from '../tensor/tensor.ts';
import { breathe } from './job-context.ts';
import { SequenceCache } from './sequence-cache.ts';
import { sampleToken, type SamplingOptions } from './sampling.ts';

export interface GenerateOptions extends SamplingOptions {
  readonly dtype: FloatDType;
  readonly maxTokens: number;
  /** Tokens that end the text; they are not part of it. */
  readonly stopIds: readonly number[];
  readonly seed: number;
}

/** Logits [V] of the token after `tokens`, which go into the cache. */
export function nextLogits(model: CausalModel, cache: SequenceCache, tokens: readonly number[], dtype: FloatDType): Float32Array {
  return scope(() => {
    const positions = Int32Array.from(tokens, (_, i) => cache.length + i);
    const pass = {
      tape: new Tape({ recording: false }),
      dtype,
      ...passTensors(positions, Int32Array.of(0, tokens.length), cache.capacity),
      cache,
      dropout: null,
    };
    const hidden = model.forward(pass, fromInts(Int32Array.from(tokens)), { recompute: false });
    cache.advance(tokens.length);
    return logitsOf(model, hidden.value, { from: tokens.length - 1, to: tokens.length });
  });
}

/** Yields each new token. Ends at a stop token, at maxTokens, or at the end of the model's context. Throws LOGITS_NOT_FINITE. */
export function* generateTokens(model: CausalModel, prompt: readonly number[], options: GenerateOptions): Generator<number, 'end' | 'length'> {
  const capacity = Math.min(prompt.length + options.maxTokens, Math.max(model.dimensions.context, prompt.length + 1));
  const cache = new SequenceCache({ capacity, dtype: options.dtype });
  const random = xoroshiro128plus(options.seed);
  const draw = (): number => uniformFloat64(random);
  try {
    let pending: readonly number[] = prompt;
    for (let count = 0; count < options.maxTokens && cache.length + pending.length <= capacity; count++) {
      const logits = nextLogits(model, cache, pending, options.dtype);
      requireNumbers(logits, cache.length);
      const token = sampleToken(logits, options, draw);
      if (options.stopIds.includes(token)) return 'end';
      yield token;
      pending = [token];
    }
    return 'length';
  } finally {
    cache.dispose();
  }
}

/** An impossible token may be -Infinity; anything else that is no number would make the choice a guess. Throws LOGITS_NOT_FINITE. */
function requireNumbers(logits: Float32Array, tokens: number): void {
  for (const value of logits) if (!(value < Infinity)) throw new AppError('LOGITS_NOT_FINITE', { value: String(value), tokens });
}

export interface GenerateTextOptions extends Omit<GenerateOptions, 'stopIds'> {
  readonly onText?: (piece: string) => void;
  readonly signal?: AbortSignal;
}

export interface Written {
  readonly text: string;
  readonly tokens: number;
  readonly stop: 'end' | 'length';
}

/**
 * The whole text at the end; `onText` gets it piece by piece, cut at whole characters. Between two tokens messages are let in, and a stop
 * that `signal` tells of throws CANCELLED.
 */
export async function generateText(
  model: CausalModel,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  { onText, signal, ...options }: GenerateTextOptions,
): Promise<Written> {
  const tokens: number[] = [];
  const generator = generateTokens(model, prompt, { ...options, stopIds: tokenizer.stopIds });
  let told = 0;
  for (let next = generator.next(); ; next = generator.next()) {
    if (next.done === true) return { text: tokenizer.decode(tokens, { skipSpecial: true }), tokens: tokens.length, stop: next.value };
    tokens.push(next.value);
    await breathe();
    if (signal?.aborted === true) {
      generator.return('length'); // frees the cache
      throw new AppError('CANCELLED', { where: `after ${tokens.length} tokens`, resume: 'lathe generate' });
    }
    if (onText === undefined) continue;
    const text = tokenizer.decode(tokens, { skipSpecial: true });
    if (text.endsWith('\uFFFD')) continue; // the rest of a character is still to come
    onText(text.slice(told));
    told = text.length;
  }
}
