/**
 * Proves that an exported file does in llama.cpp what the engine trained: with it the next-token log-probabilities move, by clearly more
 * than the two engines differ on the base, and the two agree on where they move to.
 */
import type { ExportCheck } from '../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import type { CheckProgress } from './check-progress.ts';
import { LlamaCpp } from './llama-log-probs.ts';

/** Log-probabilities compared at each position: of the most probable tokens, since the far tail is rounding noise. */
const TOP_TOKENS = 16;
/** Positions compared at the end of each prompt. */
const POSITIONS = 12;
const GREEDY_TOKENS = 32;
/** A mean change that rounding alone makes: in 32 bits, or of a weight anew on its way into a merged file. */
const ROUNDING = 3e-5;
/** How many times the engines' own disagreement an effect must be; the text of ADAPTER_EFFECT_UNCLEAR says it too. */
const CLEARLY = 2;

/**
 * Mean difference of log-probabilities let pass between the engines, by how coarse the base's matrices are: llama.cpp rounds activations
 * to 8 bits before it multiplies quantised ones, the engine does not.
 */
export const agreementBounds = { f32: 0.02, f16: 0.02, bf16: 0.05, q8_0: 0.05, quantised: 0.25 } as const;
export type Coarseness = keyof typeof agreementBounds;

/** For each position the log-probability of every token. */
export type LogProbs = readonly Float32Array[];

export interface EffectInput {
  /** The base as llama.cpp loads it. */
  readonly basePath: string;
  /** The base as the user knows it. */
  readonly modelPath: string;
  /** A GGUF adapter on that base; or null where `mergedPath` is a whole model. */
  readonly adapterPath: string | null;
  readonly mergedPath: string | null;
  readonly prompts: readonly (readonly number[])[];
  /** The engine's own log-probabilities at the last positions of each prompt. */
  readonly engine: { readonly base: readonly LogProbs[]; readonly adapted: readonly LogProbs[] };
  readonly coarseness: Coarseness;
  readonly tokenizer: Tokenizer;
  readonly progress: CheckProgress;
}

export const firstPosition = (length: number): number => Math.max(0, length - POSITIONS);

/** Throws what `refuseUnproven` does, and CANCELLED. */
export async function checkEffect(input: EffectInput): Promise<ExportCheck> {
  const { prompts, engine, tokenizer, coarseness } = input;
  const measured = await measureInLlama(input);
  const check: ExportCheck = {
    effect: meanDifference(measured.base, measured.adapted),
    base_disagreement: meanDifference(engine.base, measured.base),
    adapter_disagreement: meanDifference(engine.adapted, measured.adapted),
    bound: agreementBounds[coarseness],
    prompts: prompts.length,
    greedy: prompts.map((prompt, i) => ({ prompt: tokenizer.decode(prompt), base: measured.baseText[i] ?? '', adapted: measured.adaptedText[i] ?? '' })),
  };
  return { ...check, bound: refuseUnproven(check, input.modelPath) };
}

type Differences = Pick<ExportCheck, 'effect' | 'base_disagreement' | 'adapter_disagreement' | 'bound'>;

/** Returns the bound that was kept to. Throws MODEL_INVALID, ADAPTER_NOT_FINITE, ADAPTER_WITHOUT_EFFECT, ADAPTER_EFFECT_UNCLEAR, ADAPTER_DISAGREES. */
export function refuseUnproven({ effect, base_disagreement: noise, adapter_disagreement: difference, bound }: Differences, modelPath: string): number {
  if (!Number.isFinite(noise)) throw new AppError('MODEL_INVALID', { path: modelPath, problem: 'its log-probabilities are no finite numbers' });
  if (!Number.isFinite(effect) || !Number.isFinite(difference))
    throw new AppError('ADAPTER_NOT_FINITE', { mean: Number.isFinite(effect) ? difference : effect });
  if (effect <= ROUNDING) throw new AppError('ADAPTER_WITHOUT_EFFECT', {});
  if (effect < CLEARLY * noise) throw new AppError('ADAPTER_EFFECT_UNCLEAR', { effect: effect.toExponential(2), noise: noise.toExponential(2) });
  // Where the adapter moves much, rounding moves more with it: the bound grows with the effect, by a twentieth of it.
  const grown = Math.max(bound, effect / 20);
  if (difference > grown) throw new AppError('ADAPTER_DISAGREES', { difference: difference.toExponential(2), bound: grown.toExponential(2) });
  return grown;
}

async function measureInLlama({ basePath, adapterPath, mergedPath, prompts, tokenizer, progress }: EffectInput) {
  const measure = async (llama: LlamaCpp, adapter: string | null) => ({
    logProbs: await llama.logProbs(prompts, { adapter, from: firstPosition, progress }),
    texts: await llama.greedy(prompts, { adapter, maxTokens: GREEDY_TOKENS, tokenizer, progress }),
  });
  await using base = await LlamaCpp.load(basePath);
  const plain = await measure(base, null);
  const adapted = mergedPath === null ? await measure(base, adapterPath) : await measureMerged(mergedPath, measure);
  return { base: plain.logProbs, baseText: plain.texts, adapted: adapted.logProbs, adaptedText: adapted.texts };
}

async function measureMerged<T>(path: string, measure: (llama: LlamaCpp, adapter: null) => Promise<T>): Promise<T> {
  await using merged = await LlamaCpp.load(path);
  return await measure(merged, null);
}

/** Mean over positions of the mean absolute difference over the first table's most probable tokens. */
export function meanDifference(a: readonly LogProbs[], b: readonly LogProbs[]): number {
  const differences = a.flatMap((positions, p) =>
    positions.flatMap((table, t) => mostProbable(table).map((token) => Math.abs((table[token] ?? NaN) - (b[p]?.[t]?.[token] ?? NaN)))),
  );
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}

/** The tokens with the highest numbers; found in one pass, since a vocabulary may have a quarter of a million. */
function mostProbable(table: Float32Array): number[] {
  const top: number[] = [];
  const at = (token: number | undefined): number => (token === undefined ? -Infinity : (table[token] ?? -Infinity));
  for (let token = 0; token < table.length; token++) {
    if (top.length === TOP_TOKENS && at(token) <= at(top.at(-1))) continue;
    const place = top.findIndex((other) => at(token) > at(other));
    top.splice(place < 0 ? top.length : place, 0, token);
    if (top.length > TOP_TOKENS) top.pop();
  }
  return top;
}
