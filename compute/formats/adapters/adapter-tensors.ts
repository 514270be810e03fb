/**
 * A LoRA adapter in memory, free of any file format: y += scale · B (A x) on each adapted module, or with DoRA's magnitude m
 * y = m / ‖W + scale · B A‖ ⊙ (W + scale · B A) x, the norms by row.
 */
import type { RopeLayout } from '../model-source.ts';

export interface LoraMatrices {
  /** [rank, in] */
  readonly a: Float32Array;
  /** [out, rank] */
  readonly b: Float32Array;
  readonly rank: number;
  /** Replaces the adapter's alpha for this module (PEFT's alpha_pattern). */
  readonly alpha?: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** DoRA's m [out]; all modules of an adapter have one, or none has. */
  readonly magnitude?: Float32Array;
}

export interface AdapterTensors {
  readonly rank: number;
  readonly alpha: number;
  readonly useRsLora: boolean;
  readonly dropout: number;
  /** Last parts of the adapted modules' names: q_proj, … */
  readonly targetModules: readonly string[];
  readonly baseModelName: string;
  /** The order of q's and k's rows in B; it must be the base's (`withRopeLayout` converts). */
  readonly ropeLayout: RopeLayout;
  /** By module: `model.layers.0.self_attn.q_proj`. */
  readonly matrices: ReadonlyMap<string, LoraMatrices>;
}

/** The factor before B·A: alpha / rank, or alpha / sqrt(rank) when rank-stabilised. */
export function adapterScale({ alpha, useRsLora }: Pick<AdapterTensors, 'alpha' | 'useRsLora'>, matrices: Pick<LoraMatrices, 'rank' | 'alpha'>): number {
  return (matrices.alpha ?? alpha) / (useRsLora ? Math.sqrt(matrices.rank) : matrices.rank);
}

export const isDora = ({ matrices }: Pick<AdapterTensors, 'matrices'>): boolean => [...matrices.values()].some(({ magnitude }) => magnitude !== undefined);

/** The last part of a module's name. */
export const leafName = (module: string): string => module.slice(module.lastIndexOf('.') + 1);

/** Modules in the order of their names with numbers by value, so that layer 10 comes after layer 9. */
export function sortedModules(matrices: ReadonlyMap<string, LoraMatrices>): [string, LoraMatrices][] {
  const collator = new Intl.Collator('en', { numeric: true });
  return [...matrices].sort(([a], [b]) => collator.compare(a, b));
}
