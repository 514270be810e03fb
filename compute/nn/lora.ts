/**
 * Attaches low-rank adapters to a model's projections: which modules, what they start from, how they are scaled.
 * A starts uniform in ±sqrt(3 / K) · 1/sqrt(3) as PEFT's kaiming_uniform(a = √5) does, B at zero, so the first output is the base model's.
 */
import { AppError } from '../../shared/errors/app-error.ts';
import { Parameter } from '../autograd/tape.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, fromFloats, tagged, toFloats, unscoped, zeros, type Tensor } from '../tensor/tensor.ts';
import type { Linear } from './linear.ts';

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** alpha / sqrt(rank) instead of alpha / rank (Kalajdzievski 2023). */
  readonly useRslora: boolean;
  /** Last parts of module names, full names, or 'all-linear'. */
  readonly targetModules: readonly string[] | 'all-linear';
  readonly seed: number;
}

export interface LoraMatrices {
  /** [r, K] */
  readonly a: Float32Array;
  /** [N, r] */
  readonly b: Float32Array;
}

export const loraScale = ({ rank, alpha, useRslora }: Pick<LoraOptions, 'rank' | 'alpha' | 'useRslora'>): number => alpha / (useRslora ? Math.sqrt(rank) : rank);

const shortName = (module: Linear): string => module.name.slice(module.name.lastIndexOf('.') + 1);

/** The modules that `targets` names, in the model's order. Throws TARGET_UNKNOWN for a name that matches none. */
export function selectTargets(modules: readonly Linear[], targets: LoraOptions['targetModules']): readonly Linear[] {
  if (targets === 'all-linear') return modules;
  const matches = (module: Linear, target: string): boolean => module.name === target || module.name.endsWith(`.${target}`);
  for (const target of targets) {
    if (modules.some((module) => matches(module, target))) continue;
    throw new AppError('TARGET_UNKNOWN', { target, known: [...new Set(modules.map(shortName))].join(', ') });
  }
  return modules.filter((module) => targets.some((target) => matches(module, target)));
}

/** Attaches fresh adapters and returns their parameters, A before B, in the model's order. */
export function attachLora(modules: readonly Linear[], options: LoraOptions): readonly Parameter[] {
  return selectTargets(modules, options.targetModules).flatMap((module, index) => attach(module, index, options, null));
}

/** Attaches adapters with given matrices, by module name. Throws ADAPTER_MISMATCH where a module or shape does not exist. */
export function attachLoraMatrices(modules: readonly Linear[], matrices: ReadonlyMap<string, LoraMatrices>, options: LoraOptions & { readonly path: string; readonly base: string }): readonly Parameter[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  return [...matrices].flatMap(([name, given], index) => {
    const module = byName.get(name);
    const fits = module !== undefined && given.a.length === options.rank * module.weight.inputs && given.b.length === options.rank * module.weight.outputs;
    if (!fits) {
      const problem = module === undefined ? `it has no module ${name}` : `${name} is ${module.weight.outputs} x ${module.weight.inputs}`;
      throw new AppError('ADAPTER_MISMATCH', { path: options.path, problem, base: options.base });
    }
    return attach(module, index, options, given);
  });
}

function attach(module: Linear, index: number, options: LoraOptions, given: LoraMatrices | null): Parameter[] {
  const { inputs, outputs } = module.weight;
  const [shapeA, shapeB] = [
    [options.rank, inputs],
    [outputs, options.rank],
  ];
  const [a, b] = tagged('adapter', () =>
    unscoped(() => {
      const valueA = given === null ? kaimingUniform(shapeA, options.seed, index) : fromFloats(given.a, shapeA);
      const valueB = given === null ? zeros('f32', shapeB) : fromFloats(given.b, shapeB);
      return [new Parameter(`${module.name}.lora_A`, valueA), new Parameter(`${module.name}.lora_B`, valueB)] as const;
    }),
  );
  module.adapter = { a, b, scale: loraScale(options), index };
  return [a, b];
}

function kaimingUniform(shape: readonly number[], seed: number, stream: number): Tensor {
  const bound = 1 / Math.sqrt(shape[1] ?? 1);
  const tensor = empty('f32', shape);
  loadAddon().randomUniform(tensor.id, { low: -bound, high: bound, seed, stream });
  return tensor;
}

export function detachLora(modules: readonly Linear[]): void {
  for (const module of modules) {
    module.parameters.forEach((parameter) => parameter.dispose());
    module.adapter = null;
  }
}

/** Copies of the adapter's matrices by module name. */
export function loraMatrices(modules: readonly Linear[]): ReadonlyMap<string, LoraMatrices> {
  const adapted = modules.flatMap(({ name, adapter }) => (adapter === null ? [] : [[name, { a: toFloats(adapter.a.value), b: toFloats(adapter.b.value) }] as const]));
  return new Map(adapted);
}
