/** Brings a model's weights into tensors: mapped as they are stored, or copied to f32 to be trained. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { ModelSource, WeightEntry } from '../formats/model-source.ts';
import { FusedLinear, type FusedPart } from '../nn/fused-linear.ts';
import { Linear } from '../nn/linear.ts';
import { Rotary, type RopeParameters } from '../nn/rotary.ts';
import { Parameter, Variable } from '../autograd/tape.ts';
import { StackedWeight } from '../autograd/stacked-weight.ts';
import { Weight } from '../autograd/weight.ts';
import type { MappedFile, TensorId } from '../tensor/addon.ts';
import { dtypes } from '../tensor/dtype.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { convert, tagged, Tensor, toFloats, unscoped } from '../tensor/tensor.ts';

export type TrainingMode = 'lora' | 'full';

export interface LinearOptions {
  readonly bias?: boolean;
  /** Names that recipes for other models give to it. */
  readonly standsFor?: readonly string[];
}

export class WeightLoader {
  readonly source: ModelSource;
  readonly mode: TrainingMode;
  /** Parameters made so far: in 'full' mode every weight is one. */
  readonly parameters: Parameter[] = [];
  readonly #files = new Map<string, MappedFile>();
  readonly #tensors: Tensor[] = [];
  readonly #rotaries: Rotary[] = [];
  readonly #weights: Weight[] = [];

  constructor(source: ModelSource, mode: TrainingMode) {
    this.source = source;
    this.mode = mode;
  }

  has(name: string): boolean {
    return this.source.weights.has(name);
  }

  /** A matrix or table of the given shape. */
  variable(name: string, shape: readonly number[]): Variable {
    const entry = this.#entry(name, shape);
    if (this.mode === 'lora') return new Variable(this.#keep(this.#mapped(entry)), false);
    return this.#parameter(name, this.#copied(entry));
  }

  /** A vector, such as a norm's weight: small, read at every step, so always f32, and always Hugging Face's numbers. */
  vector(name: string, size: number): Variable {
    const entry = this.#entry(name, [size]);
    const value = asHuggingFaceHas(this.#copied(entry), entry);
    return this.mode === 'lora' ? new Variable(this.#keep(value), false) : this.#parameter(name, value);
  }

  /** A small tensor of more dimensions, such as a short convolution's taps: like a vector. */
  taps(name: string, shape: readonly number[]): Variable {
    const value = this.#copied(this.#entry(name, shape));
    return this.mode === 'lora' ? new Variable(this.#keep(value), false) : this.#parameter(name, value);
  }

  linear(module: string, shape: readonly [outputs: number, inputs: number], { bias = false, standsFor }: LinearOptions = {}): Linear {
    const weight = this.#owned(new Weight(this.variable(`${module}.weight`, shape)));
    return new Linear(module, weight, { bias: bias ? this.vector(`${module}.bias`, shape[0]) : null, ...(standsFor === undefined ? {} : { standsFor }) });
  }

  /** Projections whose matrices lie below one another in one. */
  fusedLinear(module: string, parts: readonly FusedPart[], inputs: number): FusedLinear {
    const rows = parts.map(({ outputs }) => outputs);
    const total = rows.reduce((sum, count) => sum + count, 0);
    return new FusedLinear(module, this.#owned(new StackedWeight(this.variable(`${module}.weight`, [total, inputs]), rows)), parts);
  }

  /** Rope over the first `headSize` values of each head, in the source's layout. It lives as long as the weights. */
  rotary(headSize: number, parameters: RopeParameters): Rotary {
    const rotary = new Rotary({ headSize, layout: this.source.ropeLayout, parameters, divisors: this.floats('rope_freqs.weight') });
    this.#rotaries.push(rotary);
    return rotary;
  }

  /** A small tensor's values, copied out. Null where the model has none. */
  floats(name: string): Float32Array | null {
    const entry = this.source.weights.get(name);
    if (entry === undefined) return null;
    const tensor = this.#copied(entry);
    const values = new Float32Array(entry.shape.reduce((product, size) => product * size, 1));
    loadAddon().read(tensor.id, values, 0);
    tensor.release();
    return values;
  }

  /** Gives resident pages of the model file back, after its weights have been packed. */
  dropPages(): void {
    for (const file of this.#files.values()) file.dropPages();
  }

  dispose(): void {
    this.#weights.forEach((weight) => weight.dispose());
    this.parameters.forEach((parameter) => parameter.dispose());
    this.#tensors.forEach((tensor) => tensor.release());
    this.#rotaries.forEach((rotary) => rotary.dispose());
    this.#files.forEach((file) => file.close());
  }

  #owned<T extends Weight>(weight: T): T {
    this.#weights.push(weight);
    return weight;
  }

  #entry(name: string, shape: readonly number[]): WeightEntry {
    const entry = this.source.weights.get(name);
    const invalid = (problem: string): AppError => new AppError('MODEL_INVALID', { path: this.source.path, problem });
    if (entry === undefined) throw invalid(`it has no tensor ${name}`);
    if (entry.shape.join() !== shape.join()) throw invalid(`${name} is [${entry.shape.join(', ')}], its config says [${shape.join(', ')}]`);
    return entry;
  }

  #mapped(entry: WeightEntry): Tensor {
    const file = this.#files.get(entry.path) ?? new (loadAddon().MappedFile)(entry.path);
    this.#files.set(entry.path, file);
    const id: TensorId = file.tensor(entry.offset, dtypes[entry.dtype].id, entry.shape);
    return unscoped(() => new Tensor(id, entry.dtype, entry.shape));
  }

  #copied(entry: WeightEntry): Tensor {
    const mapped = this.#mapped(entry);
    try {
      return tagged('weights', () => unscoped(() => convert(mapped, 'f32')));
    } finally {
      mapped.release();
    }
  }

  #parameter(name: string, value: Tensor): Parameter {
    const parameter = tagged('gradients', () => new Parameter(name, value));
    this.parameters.push(parameter);
    return parameter;
  }

  #keep(tensor: Tensor): Tensor {
    this.#tensors.push(tensor);
    return tensor;
  }
}

/** From the file's numbers to Hugging Face's. */
function asHuggingFaceHas(tensor: Tensor, { shift = 0, form }: WeightEntry): Tensor {
  if (shift === 0 && form === undefined) return tensor;
  const values = toFloats(tensor).map((value) => (form === undefined ? value - shift : Math.log(-value)));
  loadAddon().write(tensor.id, values, 0);
  return tensor;
}
