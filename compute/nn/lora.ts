/**
 * Attaches low-rank adapters to a model's projections: which modules, what they start from, how they are scaled.
 * A starts uniform in ±sqrt(3 / K) · 1/sqrt(3) as PEFT's kaiming_uniform(a = √5) does, B at zero, so the first output is the base model's.
 * With DoRA each module also has a magnitude, which starts as the norms of the rows.
 */
import { AppError } from '../../shared/errors/app-error.ts';
import { Magnitude } from '../autograd/magnitude.ts';
import { Parameter } from '../autograd/tape.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, fromFloats, tagged, toFloats, unscoped, zeros, type Tensor } from '../tensor/tensor.ts';
import type { Linear } from './linear.ts';
import { selectTargets, type TargetModules } from './select-targets.ts';

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** alpha / sqrt(rank) instead of alpha / rank (Kalajdzievski 2023). */
  readonly useRslora: boolean;
  /** Weight-decomposed: direction by A and B, length by a magnitude of its own (Liu et al. 2024). */
  readonly useDora: boolean;
  readonly targetModules: TargetModules;
  readonly seed: number;
}

/** One module's matrices and the factor before B·A. */
export interface LoraMatrices {
  /** [r, K] */
  readonly a: Float32Array;
  /** [N, r] */
  readonly b: Float32Array;
  readonly rank: number;
  readonly scale: number;
  /** DoRA's m [N]; plain LoRA has none. */
  readonly magnitude?: Float32Array;
}

export const loraScale = ({ rank, alpha, useRslora }: Pick<LoraOptions, 'rank' | 'alpha' | 'useRslora'>): number =>
  alpha / (useRslora ? Math.sqrt(rank) : rank);

/** Attaches fresh adapters and returns their parameters, A before B, in the model's order. */
export function attachLora(modules: readonly Linear[], options: LoraOptions): readonly Parameter[] {
  const { rank, seed } = options;
  return selectTargets(modules, options.targetModules).flatMap((module, index) =>
    attach(module, index, {
      scale: loraScale(options),
      a: () => kaimingUniform([rank, module.weight.inputs], seed, index),
      b: () => zeros('f32', [module.weight.outputs, rank]),
      magnitude: options.useDora ? 'norms' : null,
    }),
  );
}

/** Attaches given matrices, by module name. Throws ADAPTER_MISMATCH where a module does not exist or has another shape. */
export function attachLoraMatrices(
  modules: readonly Linear[],
  matrices: ReadonlyMap<string, LoraMatrices>,
  { path, base }: { readonly path: string; readonly base: string },
): readonly Parameter[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  return [...matrices].flatMap(([name, { a, b, rank, scale, magnitude }], index) => {
    const module = byName.get(name);
    if (module === undefined) throw new AppError('ADAPTER_MISMATCH', { path, problem: `the model has no ${name}`, base });
    const { inputs, outputs } = module.weight;
    if (a.length !== rank * inputs || b.length !== rank * outputs || (magnitude !== undefined && magnitude.length !== outputs))
      throw new AppError('ADAPTER_MISMATCH', { path, problem: `${name} is [${outputs}, ${inputs}] in the model`, base });
    return attach(module, index, { scale, a: () => fromFloats(a, [rank, inputs]), b: () => fromFloats(b, [outputs, rank]), magnitude: magnitude ?? null });
  });
}

interface Start {
  readonly scale: number;
  readonly a: () => Tensor;
  readonly b: () => Tensor;
  /** Given, or `norms` for a fresh one. */
  readonly magnitude: Float32Array | 'norms' | null;
}

function attach(module: Linear, index: number, { scale, a, b, magnitude }: Start): readonly Parameter[] {
  const made: Parameter[] = [];
  const parameter = (name: string, value: Tensor): Parameter => {
    const fresh = new Parameter(`${module.name}.${name}`, value);
    made.push(fresh);
    return fresh;
  };
  return tagged('adapter', () =>
    unscoped(() => {
      try {
        const low = { a: parameter('lora_A', a()), b: parameter('lora_B', b()), scale };
        const values = magnitude === 'norms' ? null : magnitude;
        const parts = { ...low, weight: module.weight };
        module.adapter = { ...low, index, magnitude: magnitude === null ? null : Magnitude.make(`${module.name}.lora_magnitude_vector`, parts, values) };
        return module.parameters;
      } catch (error) {
        made.forEach((each) => each.dispose());
        throw error;
      }
    }),
  );
}

/** Starts are drawn from streams that no dropout mask of the same seed uses. */
const START_STREAMS = 2 ** 50;

function kaimingUniform(shape: readonly number[], seed: number, stream: number): Tensor {
  const bound = 1 / Math.sqrt(shape[1] ?? 1);
  const tensor = empty('f32', shape);
  loadAddon().randomUniform(tensor.id, { low: -bound, high: bound, seed, stream: START_STREAMS + stream });
  return tensor;
}

export function detachLora(modules: readonly Linear[]): void {
  for (const module of modules) {
    if (module.adapter === null) continue;
    const { a, b, magnitude } = module.adapter;
    [a, b, magnitude].forEach((part) => part?.dispose());
    module.adapter = null;
  }
}

/** Copies of the adapters' matrices by module name. */
export function loraMatrices(modules: readonly Linear[]): ReadonlyMap<string, LoraMatrices> {
  const adapted = modules.flatMap(({ name, adapter }) => {
    if (adapter === null) return [];
    const { a, b, scale, magnitude } = adapter;
    const m = magnitude === null ? {} : { magnitude: toFloats(magnitude.vector.value) };
    return [[name, { a: toFloats(a.value), b: toFloats(b.value), rank: a.value.rows, scale, ...m }] as const];
  });
  return new Map(adapted);
}
