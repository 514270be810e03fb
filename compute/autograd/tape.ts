/**
 * The tape: records what a forward pass did and plays it backwards.
 *
 * An op computes its value, then calls `record` with what its backward needs. Nothing is recorded, and nothing saved, where
 * no input needs a gradient: so a frozen layer below the lowest adapter costs a forward pass and no memory.
 */
import { loadAddon } from '../tensor/load-addon.ts';
import type { Products } from '../tensor/panels.ts';
import { copy, empty, scope, unscoped, zeros, type Tensor } from '../tensor/tensor.ts';

/** A value in the computation and, after the backward pass has reached it, its gradient (of the value's type and shape). */
export class Variable {
  readonly value: Tensor;
  readonly requiresGrad: boolean;
  grad: Tensor | null = null;

  constructor(value: Tensor, requiresGrad: boolean) {
    this.value = value;
    this.requiresGrad = requiresGrad;
  }

  /**
   * Adds to the gradient. The kernel is told to write (the gradient is new) or to add to what is there.
   * Does nothing where no gradient is wanted.
   */
  contribute(kernel: (grad: Tensor, accumulate: boolean) => void): void {
    if (!this.requiresGrad) return;
    if (this.grad !== null) return kernel(this.#ownGrad(this.grad), true);
    this.grad = unscoped(() => empty(this.value.dtype, this.value.shape));
    kernel(this.grad, false);
  }

  /** Adds a gradient that is finished: shared, not copied, while it is the only one. */
  adopt(part: Tensor): void {
    if (!this.requiresGrad) return;
    if (this.grad === null) {
      this.grad = part.retain();
      return;
    }
    const grad = this.#ownGrad(this.grad);
    loadAddon().addScaled(grad.id, grad.id, part.id, { alpha: 1, beta: 1 });
  }

  /** The gradient, copied first where somebody else holds it too. */
  #ownGrad(grad: Tensor): Tensor {
    if (!grad.isShared) return grad;
    this.grad = unscoped(() => copy(grad));
    grad.release();
    return this.grad;
  }

  /** For kernels that can only write: their result is added in a second step where a gradient is there already. */
  contributeWritten(kernel: (target: Tensor) => void): void {
    this.contribute((grad, accumulate) => {
      if (!accumulate) return kernel(grad);
      scope(() => {
        const part = empty(grad.dtype, grad.shape);
        kernel(part);
        loadAddon().addScaled(grad.id, grad.id, part.id, { alpha: 1, beta: 1 });
      });
    });
  }

  releaseGrad(): void {
    this.grad?.release();
    this.grad = null;
  }
}

/** A trained tensor: f32, with a gradient that lives as long as it does and sums over micro-batches. */
export class Parameter extends Variable {
  readonly name: string;
  #revision = 0;

  constructor(name: string, value: Tensor) {
    super(value, true);
    this.name = name;
    try {
      this.grad = unscoped(() => zeros('f32', value.shape));
    } catch (error) {
      value.release();
      throw error;
    }
  }

  /** Changes whenever the value does: what was computed from it is then out of date. */
  get revision(): number {
    return this.#revision;
  }

  /** Whoever writes to the value says so. */
  changed(): void {
    this.#revision += 1;
  }

  zeroGrad(): void {
    if (this.grad !== null) loadAddon().fill(this.grad.id, 0);
  }

  dispose(): void {
    this.releaseGrad();
    this.value.release();
  }
}

interface Node {
  readonly output: Variable;
  readonly saved: readonly Tensor[];
  readonly backward: (dy: Tensor) => void;
}

export interface Recording {
  /** What the gradient flows to: the output needs a gradient where one of these does. */
  readonly inputs: readonly Variable[];
  /** Tensors that `backward` reads; held until it has run. */
  readonly saved?: readonly Tensor[];
  /** Adds to the inputs' gradients. `dy` is the gradient of the output; tensors made here are freed afterwards. */
  readonly backward: (dy: Tensor) => void;
}

export class Tape {
  readonly isRecording: boolean;
  readonly #nodes: Node[] = [];

  /** What frozen weights are multiplied in while this tape is at work. */
  readonly products: Products;

  /** A tape that does not record serves evaluation and generation. */
  constructor({ recording, products = 'float' }: { readonly recording: boolean; readonly products?: Products }) {
    this.isRecording = recording;
    this.products = products;
  }

  /** Wraps an op's value; see Recording. */
  record(value: Tensor, { inputs, saved = [], backward }: Recording): Variable {
    const needed = this.isRecording && inputs.some((input) => input.requiresGrad);
    const output = new Variable(value, needed);
    if (needed) {
      saved.forEach((tensor) => tensor.retain());
      this.#nodes.push({ output, saved, backward });
    }
    return output;
  }

  /** Plays the tape backwards from `root`, whose gradient is `dy` or is there already, and empties it. */
  backward(root: Variable, dy?: Tensor): void {
    if (dy !== undefined) root.grad = dy.retain();
    for (let node = this.#nodes.pop(); node !== undefined; node = this.#nodes.pop()) {
      const { output, backward } = node;
      const grad = output.grad;
      try {
        if (grad !== null) scope(() => backward(grad));
      } finally {
        forget(node);
      }
    }
  }

  /** Forgets what was recorded: after an error or a cancelled step. */
  clear(): void {
    this.#nodes.splice(0).forEach(forget);
  }

  /**
   * Gradient checkpointing: computes body(x) keeping only x, and computes it once more during the backward pass.
   * `parameters` are the trained tensors inside, whose gradients the second pass fills; `read` are other tensors that body reads.
   */
  checkpoint(
    x: Variable,
    { parameters, read }: { readonly parameters: readonly Variable[]; readonly read: readonly Tensor[] },
    body: (tape: Tape, x: Variable) => Variable,
  ): Variable {
    const { products } = this;
    const y = scope(() => body(new Tape({ recording: false, products }), new Variable(x.value, false)).value);
    return this.record(y, {
      inputs: [x, ...parameters],
      saved: [x.value, ...read],
      backward: (dy) => {
        const tape = new Tape({ recording: true, products });
        const again = new Variable(x.value, x.requiresGrad);
        try {
          tape.backward(
            scope(() => body(tape, again)),
            dy,
          );
          if (again.grad !== null) x.adopt(again.grad);
        } finally {
          tape.clear();
          again.releaseGrad();
        }
      },
    });
  }
}

/** Gives up what a node holds. */
function forget({ output, saved }: Node): void {
  output.releaseGrad();
  saved.forEach((tensor) => tensor.release());
}
