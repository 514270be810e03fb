/** Writes a whole model with its adapter merged in as one GGUF file, from a GGUF file or a Hugging Face folder. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { dtypes } from '../../tensor/dtype.ts';
import { ggufFamilyOf, knownGgufArchitectures } from '../gguf/families/index.ts';
import { normShiftOf, weightFormOf, type GgufFamily } from '../gguf/gguf-family.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { llama3Divisors, type Llama3Scaling } from '../gguf/llama3-rope.ts';
import { toGgufNames } from '../gguf/tensor-names.ts';
import { writeGguf, type GgufTensorToWrite, type GgufValueToWrite } from '../gguf/gguf-writer.ts';
import type { ModelSource, WeightEntry } from '../model-source.ts';
import type { WritableDType } from '../quants/quantise.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { mergedTensor } from './merged-tensor.ts';
import { columnsOf, type MergedWeights } from './merged-weights.ts';
import { tokenizerToGguf } from './tokenizer-to-gguf.ts';

/** llama.cpp's numbers for "mostly this type". */
const fileTypes: Readonly<Record<WritableDType, number>> = { f32: 0, f16: 1, q8_0: 7, bf16: 32 };
const quantizationVersion = 2;

export interface MergedGgufOptions {
  readonly dtype: WritableDType;
}

/** Matrices are written as `dtype` (as F16 where their rows are no whole blocks of it), vectors and taps of convolutions as F32. */
export async function writeMergedGguf(path: string, source: ModelSource, weights: MergedWeights, { dtype }: MergedGgufOptions): Promise<void> {
  const family = ggufFamilyOf(source.config);
  if (family === undefined)
    throw new AppError('ARCHITECTURE_UNSUPPORTED', { path: source.path, architecture: source.architecture, known: knownGgufArchitectures });
  const metadata = source.format === 'gguf' ? copiedMetadata(source) : translatedMetadata(source, family);
  metadata.set('general.file_type', { type: 'uint32', value: fileTypes[dtype] });
  if (dtype === 'q8_0') metadata.set('general.quantization_version', { type: 'uint32', value: quantizationVersion });
  const tensors: GgufTensorToWrite[] = [...source.weights.values()].flatMap((weight) =>
    namesOf(family, weight, source).map((name, index, { length: of }) =>
      mergedTensor({ ...{ source, weights, weight, name, part: { index, of } }, ...formIn(source.config, { family, weight, dtype }) }),
    ),
  );
  await writeGguf(path, { metadata, tensors: [...ropeDivisors(source), ...(family.tensors?.(source.config) ?? []), ...tensors] });
}

interface Wanted {
  readonly family: GgufFamily;
  readonly weight: WeightEntry;
  readonly dtype: WritableDType;
}

function formIn(config: ModelSource['config'], { family, weight, dtype }: Wanted) {
  const stored = weightFormOf(family, weight.name);
  return {
    dtype: dtypeOf(weight, dtype),
    layout: family.ropeLayout,
    shift: normShiftOf(family, weight.name),
    ...(stored?.form === undefined ? {} : { form: stored.form }),
    ...(stored === undefined ? {} : { shape: stored.fileShape(weight.shape, config) }),
  };
}

/** Several where the file holds the weight in parts. */
function namesOf(family: GgufFamily, { name }: WeightEntry, source: ModelSource): readonly string[] {
  const targets = toGgufNames(family, name);
  if (targets.length === 0) throw new AppError('MODEL_INVALID', { path: source.path, problem: `${name} has no name in GGUF files of ${family.architecture}` });
  return targets;
}

function dtypeOf(weight: WeightEntry, dtype: WritableDType): WritableDType {
  if (weight.shape.length !== 2) return 'f32';
  return columnsOf(weight) % dtypes[dtype].blockElements === 0 ? dtype : 'f16';
}

/** Everything the source says, byte by byte, but what told of its parts. */
function copiedMetadata(source: ModelSource): Map<string, GgufValueToWrite> {
  const [first = source.path] = source.files;
  const { metadata } = readGguf(first);
  const copied = new Map<string, GgufValueToWrite>();
  for (const [key, { start, end }] of metadata.entries) {
    if (!key.startsWith('split.') && key !== 'general.alignment') copied.set(key, { type: 'copy', path: first, start, end });
  }
  return copied;
}

function translatedMetadata(source: ModelSource, family: GgufFamily): Map<string, GgufValueToWrite> {
  if (source.tokenizer.kind !== 'huggingface') throw new Error('a folder has the tokenizer of a folder');
  const general = new Map<string, GgufValueToWrite>([
    ['general.architecture', { type: 'string', value: family.architecture }],
    ['general.type', { type: 'string', value: 'model' }],
    ['general.name', { type: 'string', value: source.name }],
    ...(source.licence === null ? [] : [['general.license', { type: 'string', value: source.licence }] as const]),
  ]);
  const tokenizer = tokenizerToGguf(source.tokenizer.directory, Number(source.config['vocab_size']), source.chatTemplate);
  return new Map([...general, ...family.metadata(source.config, source.path), ...tokenizer]);
}

/** Llama 3's rope scaling is a tensor in GGUF. */
function ropeDivisors(source: ModelSource): GgufTensorToWrite[] {
  const rope = source.config['rope_parameters'] as Readonly<Record<string, unknown>>;
  if (source.format === 'gguf' || rope['rope_type'] !== 'llama3') return [];
  const divisors = llama3Divisors(rope as unknown as Llama3Scaling, { theta: Number(rope['rope_theta']), headDim: Number(source.config['head_dim']) });
  return [float32Tensor('rope_freqs.weight', [divisors.length], divisors)];
}
