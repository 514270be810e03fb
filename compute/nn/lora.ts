/**
 * Attaches low-rank adapters to a model's projections: which modules, what they start from, how they are scaled.
 * A starts uniform in ±sqrt(3 / K) · 1/sqrt(3) as PEFT's kaiming_uniform(a = √5) does, B at zero, so the first output is the base model's.
 */
import { AppError } from '../../shared/errors/app-error.ts';
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
  return [...matrices].flatMap(([name, { a, b, rank, scale }], index) => {
    const module = byName.get(name);
    if (module === undefined) throw new AppError('ADAPTER_MISMATCH', { path, problem: `the model has no ${name}`, base });
    const { inputs, outputs } = module.weight;
    if (a.length !== rank * inputs || b.length !== rank * outputs)
      throw new AppError('ADAPTER_MISMATCH', { path, problem: `${name} is [${outputs}, ${inputs}] in the model`, base });
    return attach(module, index, { scale, a: () => fromFloats(a, [rank, inputs]), b: () => fromFloats(b, [outputs, rank]) });
  });
}

interface Start {
  readonly scale: number;
  readonly a: () => Tensor;
  readonly b: () => Tensor;
}

function attach(module: Linear, index: number, { scale, a, b }: Start): Parameter[] {
  return tagged('adapter', () =>
    unscoped(() => {
      const first = new Parameter(`${module.name}.lora_A`, a());
      try {
        const second = new Parameter(`${module.name}.lora_B`, b());
        module.adapter = { a: first, b: second, scale, index };
        return [first, second];
      } catch (error) {
        first.dispose();
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
    module.parameters.forEach((parameter) => parameter.dispose());
    module.adapter = null;
  }
}

/** Copies of the adapters' matrices by module name. */
export function loraMatrices(modules: readonly Linear[]): ReadonlyMap<string, LoraMatrices> {
  const adapted = modules.flatMap(({ name, adapter }) => {
    if (adapter === null) return [];
    const { a, b, scale } = adapter;
    return [[name, { a: toFloats(a.value), b: toFloats(b.value), rank: a.value.rows, scale }] as const];
  });
  return new Map(adapted);
}
