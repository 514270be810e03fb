/** A branch of a decoder layer: attention, an MLP, a state-space mixer. */
import type { Parameter, Variable } from '../autograd/tape.ts';
import { Parameter as TrainedParameter } from '../autograd/tape.ts';
import type { Linear } from './linear.ts';
import type { Pass } from './pass.ts';

export interface Block {
  /** x [T, C], normed; returns [T, C]. */
  forward(pass: Pass, x: Variable): Variable;
  /** Its projections, in the model's order: what an adapter can be attached to. */
  readonly linears: readonly Linear[];
  /** Its weights beside the projections, such as norms of heads. */
  readonly vectors: readonly Variable[];
  /** It hands a state from token to token, so that rows cannot share what they begin with. */
  readonly isRecurrent?: boolean;
}

/** Everything trained in a block: its adapters, or its weights themselves. */
export function trainedIn({ linears, vectors }: Pick<Block, 'linears' | 'vectors'>): readonly Parameter[] {
  const weights = [...vectors, ...linears.flatMap((linear) => linear.weights)];
  return [...weights.filter((weight) => weight instanceof TrainedParameter), ...linears.flatMap((linear) => linear.parameters)];
}
