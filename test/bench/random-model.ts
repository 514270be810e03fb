/**
 * A model of a published shape with random weights, for measuring time and memory where its weights are not at hand. Written once into the
 * test cache: bf16 as a Hugging Face folder, every other type as GGUF. `node main/cli/with-engine.js test/bench/random-model.ts NAME [TYPE]`
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeFolderAtomically, writeWholeFileAtomically } from '../../compute/formats/atomic-file.ts';
import { ggufFamilyOf } from '../../compute/formats/gguf/families/index.ts';
import { toGgufNames } from '../../compute/formats/gguf/tensor-names.ts';
import { writeGguf, type GgufTensorToWrite, type GgufValueToWrite } from '../../compute/formats/gguf/gguf-writer.ts';
import { normaliseConfig } from '../../compute/formats/huggingface/normalise-config.ts';
import { tokenizerToGguf } from '../../compute/formats/merge/tokenizer-to-gguf.ts';
import { writeSafetensors, type SafetensorsTensorToWrite } from '../../compute/formats/safetensors/safetensors-writer.ts';
import { float32Tensor, type TensorToWrite } from '../../compute/formats/tensor-to-write.ts';
import { byteLength, dtypes } from '../../compute/tensor/dtype.ts';
import { blockDTypes, toBlocks, type QuantisedDType } from '../support/quantise/to-blocks.ts';
import { TemporaryFolder, writeSmallTokenizer } from '../support/small-tokenizer.ts';
import { cacheFolder } from '../support/smollm2.ts';
import { modelShapes, weightShapes, type ModelShape, type ModelShapeName, type NamedShape } from './model-shapes.ts';

/** What matrices are stored as; embedding and output follow llama.cpp's habit (Q6_K) in 4-bit files. */
export const randomModelTypes = ['bf16', 'f16', 'q8_0', ...blockDTypes] as const satisfies readonly QuantisedDType[];
export type RandomModelType = (typeof randomModelTypes)[number];

/** As PyTorch initialises most of them: small enough that every loss is finite. */
const DEVIATION = 0.02;
/** Numbers drawn; every tensor takes as many as it needs from a place of its own in them, round and round. */
const POOL = 1 << 20;

/** The path of the model, which is written if it is not there. */
export async function randomModel(name: ModelShapeName, type: RandomModelType): Promise<string> {
  const folder = join(cacheFolder(), 'random-models');
  const shape: ModelShape = modelShapes[name];
  const path = join(folder, type === 'bf16' ? `${name}-bf16` : `${name}-${type}.gguf`);
  if (existsSync(path)) return path;
  if (type === 'bf16') await writeFolder(path, shape);
  else await writeRandomGguf(path, { shape, type, name });
  return path;
}

/** config.json as the shape's own, and a small tokenizer that leaves most of the vocabulary unused. */
async function writeSideFiles(folder: string, { config }: ModelShape): Promise<void> {
  const ends = writeSmallTokenizer(folder);
  await writeWholeFileAtomically(join(folder, 'config.json'), JSON.stringify({ ...config, torch_dtype: 'bfloat16', ...ends }, null, 2));
}

async function writeFolder(path: string, shape: ModelShape): Promise<void> {
  const filler = new Filler();
  await writeFolderAtomically(path, async (folder) => {
    await writeSideFiles(folder, shape);
    const tensors = weightShapes(shape).map(([name, size]): SafetensorsTensorToWrite => filler.tensor(name, size, size.length === 1 ? shape.norm : 'bf16'));
    await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
  });
}

async function writeRandomGguf(path: string, { shape, type, name }: { shape: ModelShape; type: RandomModelType; name: string }): Promise<void> {
  const config = normaliseConfig(shape.config, { path, hasOutputWeight: !shape.config.tie_word_embeddings });
  const family = ggufFamilyOf(config);
  if (family === undefined) throw new Error(`${shape.config.model_type} has no GGUF form; write it as bf16`);
  using side = new TemporaryFolder();
  await writeSideFiles(side.path, shape);
  const metadata = new Map<string, GgufValueToWrite>([
    ['general.architecture', { type: 'string', value: family.architecture }],
    ['general.name', { type: 'string', value: name }],
    ...family.metadata(config, path),
    ...tokenizerToGguf(side.path, shape.config.vocab_size, null),
  ]);
  const filler = new Filler();
  const tensors = weightShapes(shape).flatMap(([weight, size]): GgufTensorToWrite[] => {
    const stored = toGgufNames(family, weight);
    if (stored.length === 0) throw new Error(`${weight} has no name in GGUF files of ${family.architecture}`);
    const [rows = 1, ...columns] = size;
    return stored.map((name) => filler.tensor(name, [rows / stored.length, ...columns], size.length === 1 ? 1 : typeOf([weight, size], type, shape)));
  });
  await writeGguf(path, { metadata, tensors });
}

/** As llama.cpp does: the output is kept finer than the rest, and rows that are no whole blocks go into smaller ones. */
function typeOf([name, shape]: NamedShape, type: RandomModelType, { config }: ModelShape): RandomModelType {
  const isOutput = name === 'lm_head.weight' || (config.tie_word_embeddings && name === 'model.embed_tokens.weight');
  const wanted = isOutput && type.startsWith('q4') ? 'q6_k' : type;
  return (shape.at(-1) ?? 0) % dtypes[wanted].blockElements === 0 ? wanted : 'q8_0';
}

/** Gives tensors their noise. The same name always gets the same. */
class Filler {
  readonly #noise = normalNoise();
  readonly #pools = new Map<QuantisedDType, Uint8Array>();

  /** A matrix of a stored type, or a vector of one number. */
  tensor<T extends RandomModelType>(name: string, shape: readonly number[], content: T | 0 | 1): TensorToWrite<T | 'f32'> {
    if (typeof content === 'number') return float32Tensor(name, shape, new Float32Array(shape[0] ?? 0).fill(content));
    return { name, dtype: content, shape, data: () => this.#bytes(name, content, byteLength(content, shape)) };
  }

  *#bytes(name: string, dtype: QuantisedDType, bytes: number): Generator<Uint8Array> {
    const pool = this.#pools.get(dtype) ?? toBlocks(dtype, this.#noise);
    this.#pools.set(dtype, pool);
    const { blockBytes } = dtypes[dtype];
    const start = createHash('sha256').update(name).digest().readUInt32LE() % (pool.length / blockBytes);
    for (let at = start * blockBytes, left = bytes; left > 0; at = 0) {
      const piece = pool.subarray(at, at + left);
      yield piece;
      left -= piece.length;
    }
  }
}

/** Normal numbers (Box and Muller), both of each pair. */
function normalNoise(): Float32Array {
  const random = xoroshiro128plus(1);
  const uniform = (): number => uniformFloat64(random);
  const noise = new Float32Array(POOL);
  for (let i = 0; i < POOL; i += 2) {
    const [radius, angle] = [DEVIATION * Math.sqrt(-2 * Math.log(1 - uniform())), 2 * Math.PI * uniform()];
    noise[i] = radius * Math.cos(angle);
    noise[i + 1] = radius * Math.sin(angle);
  }
  return noise;
}

if (process.argv[1] === import.meta.filename) {
  const [, , name = '', type = 'bf16'] = process.argv;
  const isKnown = (text: string): text is ModelShapeName => Object.hasOwn(modelShapes, text);
  const wanted = randomModelTypes.find((each) => each === type);
  if (!isKnown(name) || wanted === undefined)
    throw new Error(`random-model.ts NAME [TYPE]; names: ${Object.keys(modelShapes).join(', ')}; types: ${randomModelTypes.join(', ')}`);
  process.stdout.write(`${await randomModel(name, wanted)}\n`);
}
