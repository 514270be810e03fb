/** A GGUF model with its layers' matrices in another type, everything else byte by byte as it was; made once. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readGguf, type GgufFile, type GgufTensor } from '../../../compute/formats/gguf/gguf-reader.ts';
import type { GgufDType } from '../../../compute/formats/gguf/ggml-types.ts';
import { writeGguf, type GgufTensorToWrite, type GgufValueToWrite } from '../../../compute/formats/gguf/gguf-writer.ts';
import { PositionedFile } from '../../../compute/formats/positioned-file.ts';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { byteLength, dtypes } from '../../../compute/tensor/dtype.ts';
import { toBlocks } from '../../support/quantise/to-blocks.ts';

/** What llama.cpp takes instead where rows are no whole blocks of 256. */
const fallbacks: Partial<Record<GgufDType, GgufDType>> = { q4_k: 'q5_0', q5_k: 'q5_1', q6_k: 'q8_0' };

/** Numbers held at a time. */
const pieceElements = 1 << 20;

const isLayerMatrix = ({ name, shape }: GgufTensor): boolean => shape.length === 2 && name.startsWith('blk.');

/** f32 expands everything; another type takes the layers' matrices, and leaves the embedding and the norms as the file has them. */
function typeFor(tensor: GgufTensor, dtype: GgufDType): GgufDType {
  if (dtype === 'f32') return 'f32';
  if (!isLayerMatrix(tensor)) return tensor.dtype;
  return (tensor.shape.at(-1) ?? 0) % dtypes[dtype].blockElements === 0 ? dtype : (fallbacks[dtype] ?? dtype);
}

function* converted(file: GgufFile, tensor: GgufTensor, dtype: GgufDType): Generator<Uint8Array> {
  using source = new PositionedFile(file.path, 'Model');
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  for (let from = 0; from < elements; from += pieceElements) {
    const count = Math.min(pieceElements, elements - from);
    const bytes = source.read(tensor.offset + byteLength(tensor.dtype, [from]), byteLength(tensor.dtype, [count]));
    yield dtype === tensor.dtype ? bytes : toBlocks(dtype, dequantise(tensor.dtype, bytes));
  }
}

export interface RequantisedModel {
  readonly path: string;
  /** Of the layers' weights, how many really have the type. */
  readonly share: number;
}

/** `model` with its layers in `dtype`, as a file in `folder`. */
export async function requantise(model: string, dtype: GgufDType, folder: string): Promise<RequantisedModel> {
  const file = readGguf(model);
  const path = join(folder, `${basename(model, '.gguf')}.as-${dtype}.gguf`);
  const tensors = file.tensors.map((tensor) => ({ tensor, target: typeFor(tensor, dtype) }));
  if (!existsSync(path)) {
    const metadata = new Map<string, GgufValueToWrite>();
    for (const [key, { start, end }] of file.metadata.entries) {
      if (key !== 'general.file_type' && key !== 'general.alignment') metadata.set(key, { type: 'copy', path: model, start, end });
    }
    const toWrite = tensors.map(({ tensor, target }): GgufTensorToWrite => {
      const { name, shape } = tensor;
      return { name, dtype: target, shape, data: () => converted(file, tensor, target) };
    });
    await writeGguf(path, { metadata, tensors: toWrite });
  }
  const layers = tensors.filter(({ tensor }) => isLayerMatrix(tensor));
  const weights = (rows: typeof layers): number => rows.reduce((sum, { tensor: { shape } }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  return { path, share: weights(layers.filter(({ target }) => target === dtype)) / weights(layers) };
}
