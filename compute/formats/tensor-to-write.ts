/** A tensor on its way into a file: its description, and its bytes piece by piece so that no large one is ever held whole. */
import { byteLength, type DType } from '../tensor/dtype.ts';
import type { FileSink } from './atomic-file.ts';

export interface TensorToWrite<T extends DType = DType> {
  readonly name: string;
  readonly dtype: T;
  /** Outermost first. */
  readonly shape: readonly number[];
  /** The data in order, in pieces of any size. */
  data(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Writes the data and holds it against the description: a wrong length would shift all that follows. */
export async function writeTensorData(sink: FileSink, tensor: TensorToWrite): Promise<void> {
  const start = sink.position;
  for await (const piece of tensor.data()) sink.write(piece);
  const wanted = byteLength(tensor.dtype, tensor.shape);
  const got = sink.position - start;
  if (got !== wanted) throw new Error(`tensor ${tensor.name} gave ${String(got)} bytes for a shape of ${String(wanted)}`);
}

/** A tensor of numbers that are at hand. */
export function float32Tensor(name: string, shape: readonly number[], values: Float32Array): TensorToWrite<'f32'> {
  return { name, dtype: 'f32', shape, data: () => [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)] };
}
