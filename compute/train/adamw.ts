/** AdamW with decoupled weight decay (Loshchilov & Hutter 2019), state in f32 beside each parameter, and the gradient norm it clips by. */
import type { Parameter } from '../autograd/tape.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { ruleOf } from './parameter-groups.ts';
import { tagged, unscoped, zeros, type Tensor } from '../tensor/tensor.ts';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Learning rate of B over that of A (LoRA+); 1 where it is left out. */
  readonly rateRatio?: number;
}

export interface Moments {
  readonly m: Tensor;
  readonly v: Tensor;
}

export class AdamW {
  readonly parameters: readonly Parameter[];
  readonly options: AdamWOptions;
  /** In the order of the parameters. */
  readonly moments: readonly Moments[];

  constructor(parameters: readonly Parameter[], options: AdamWOptions) {
    this.parameters = parameters;
    this.options = options;
    const made: Tensor[] = [];
    const zerosLike = (value: Tensor): Tensor => {
      const tensor = zeros('f32', value.shape);
      made.push(tensor);
      return tensor;
    };
    try {
      this.moments = tagged('optimizer', () => unscoped(() => parameters.map(({ value }) => ({ m: zerosLike(value), v: zerosLike(value) }))));
    } catch (error) {
      made.forEach((tensor) => tensor.release());
      throw error;
    }
  }

  /** One step with the gradients as they are times `gradScale`; `step` counts from 1. */
  step({ step, learningRate, gradScale }: { readonly step: number; readonly learningRate: number; readonly gradScale: number }): void {
    const { beta1, beta2, epsilon, weightDecay, rateRatio = 1 } = this.options;
    this.parameters.forEach((parameter, index) => {
      const { value, grad } = parameter;
      const moments = this.moments[index];
      if (grad === null || moments === undefined) return;
      const { isFaster, decays } = ruleOf(parameter);
      const rate = isFaster ? learningRate * rateRatio : learningRate;
      const options = { learningRate: rate, beta1, beta2, epsilon, weightDecay: decays ? weightDecay : 0, step, gradScale };
      loadAddon().adamw(value.id, grad.id, moments.m.id, moments.v.id, options);
      parameter.changed();
    });
  }

  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.zeroGrad();
  }

  dispose(): void {
    for (const { m, v } of this.moments) [m, v].forEach((tensor) => tensor.release());
  }
}

/** L2 norm over all gradients together. */
export function gradientNorm(parameters: readonly Parameter[]): number {
  return Math.sqrt(parameters.reduce((sum, { grad }) => sum + (grad === null ? 0 : loadAddon().sumOfSquares(grad.id)), 0));
}

/** What gradients are multiplied by so that their norm is at most `limit` (torch.nn.utils.clip_grad_norm_); 0: no limit. */
export const clipFactor = (norm: number, limit: number): number => (limit === 0 ? 1 : Math.min(1, limit / (norm + 1e-6)));
