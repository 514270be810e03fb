/** What the trainer, scoring and generation need of a model, whatever its family. */
import type { Variable } from '../autograd/tape.ts';
import type { Weight } from '../autograd/weight.ts';
import type { Linear } from '../nn/linear.ts';
import type { Pass } from '../nn/pass.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { WeightLoader } from './weight-loader.ts';

export interface ModelDimensions {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  /** Longest sequence the model was made for. */
  readonly context: number;
}

export interface CausalModel {
  readonly dimensions: ModelDimensions;
  readonly weights: WeightLoader;
  /** Every projection that can carry an adapter, in order; the output projection is not among them. */
  readonly linears: readonly Linear[];
  /** Whether a layer hands a state from token to token. */
  readonly isRecurrent: boolean;
  /** The output projection [V, C]; the embedding table itself where they are tied. */
  readonly head: Weight;
  /** Factor of the logits. */
  readonly logitScale: number;
  /** Soft cap of the logits after that; 0: none. */
  readonly logitSoftcap: number;
  /** ids i32 [T]; returns the last hidden state [T, C], normed, ready for the output projection. */
  forward(pass: Pass, ids: Tensor, options: { readonly recompute: boolean }): Variable;
  dispose(): void;
}
