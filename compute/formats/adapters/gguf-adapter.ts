/** GGUF LoRA adapters as llama.cpp loads them: writer and reader. Rank is in the shapes, scale = alpha / rank, one alpha for all. */
import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ggufFamily, ggufFamilyOfModelType, knownGgufArchitectures } from '../gguf/families/index.ts';
import type { GgufFamily } from '../gguf/gguf-family.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { writeGguf, type GgufValueToWrite } from '../gguf/gguf-writer.ts';
import { toGgufName, toHuggingFaceName } from '../gguf/tensor-names.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { adapterScale, leafName, sortedModules, type AdapterTensors, type LoraMatrices } from './adapter-tensors.ts';
import { readLoraMatrices } from './lora-halves.ts';
import { withRopeLayout, type RotaryHeads } from './rotary-rows.ts';

/** What the writer must know of the base. */
export interface GgufAdapterBase {
  /** The base's model_type. */
  readonly architecture: string;
  readonly heads: RotaryHeads;
}

const text = (value: string): GgufValueToWrite => ({ type: 'string', value });

/** The alpha under which scale = alpha / rank holds for the first module; rank-stabilised scaling is folded in. */
function ggufAlpha(adapter: AdapterTensors): number {
  const [first] = adapter.matrices.values();
  return first === undefined ? 0 : adapterScale(adapter, first) * first.rank;
}

/** B times what this module's scale has over the one that llama.cpp will compute; usually by 1, then untouched. */
function foldedB(adapter: AdapterTensors, matrices: LoraMatrices, alpha: number): Float32Array {
  const ratio = alpha === 0 ? 0 : (adapterScale(adapter, matrices) * matrices.rank) / alpha;
  return Math.fround(ratio) === 1 ? matrices.b : matrices.b.map((value) => value * ratio);
}

export async function writeGgufAdapter(path: string, adapter: AdapterTensors, base: GgufAdapterBase): Promise<void> {
  const family = ggufFamilyOfModelType(base.architecture);
  if (family === undefined) throw new AppError('ARCHITECTURE_UNSUPPORTED', { path, architecture: base.architecture, known: knownGgufArchitectures });
  const alpha = ggufAlpha(adapter);
  const { matrices } = withRopeLayout(adapter, family.ropeLayout, base.heads);
  const tensors = sortedModules(matrices).flatMap(([module, halves]) => {
    const name = toGgufName(family, `${module}.weight`);
    if (name === undefined) throw new AppError('ADAPTER_INVALID', { path, problem: `${module} has no name in GGUF files of ${family.architecture}` });
    return [
      float32Tensor(`${name}.lora_a`, [halves.rank, halves.inFeatures], halves.a),
      float32Tensor(`${name}.lora_b`, [halves.outFeatures, halves.rank], foldedB(adapter, halves, alpha)),
    ];
  });
  const metadata = new Map<string, GgufValueToWrite>([
    ['general.architecture', text(family.architecture)],
    ['general.type', text('adapter')],
    ['general.name', text(adapter.baseModelName)],
    ['adapter.type', text('lora')],
    // llama.cpp takes alpha 0 for "scale 1"; then all of B is zero and any other alpha will do.
    ['adapter.lora.alpha', { type: 'float32', value: alpha === 0 ? 1 : alpha }],
  ]);
  await writeGguf(path, { metadata, tensors });
}

const halfPattern = /^(.+\.weight)\.lora_([ab])$/;

export function readGgufAdapter(path: string): AdapterTensors {
  const { metadata, tensors } = readGguf(path, 'Adapter');
  const fail = (problem: string): never => {
    throw new AppError('ADAPTER_INVALID', { path, problem });
  };
  const type = metadata.optionalString('general.type') ?? 'model';
  if (type !== 'adapter') fail(`the file holds a ${type}`);
  const kind = metadata.optionalString('adapter.type');
  if (kind !== 'lora') fail(`it is of type ${kind ?? 'unknown'}, only lora is read`);
  const architecture = metadata.string('general.architecture');
  const family = ggufFamily(architecture);
  if (family === undefined) throw new AppError('ARCHITECTURE_UNSUPPORTED', { path, architecture, known: knownGgufArchitectures });
  const stored = readLoraMatrices(path, tensors, (name) => parseHalf(family, name));
  const rank = Math.max(...[...stored.values()].map((matrices) => matrices.rank));
  const alpha = metadata.optionalNumber('adapter.lora.alpha') ?? 0;
  // Alpha 0 means scale 1 for every module, whatever its rank.
  const matrices = alpha === 0 ? new Map([...stored].map(([module, halves]) => [module, { ...halves, alpha: halves.rank }])) : stored;
  return {
    rank,
    alpha: alpha === 0 ? rank : alpha,
    useRsLora: false,
    dropout: 0,
    baseModelName: metadata.optionalString('general.name') ?? basename(path),
    ropeLayout: family.ropeLayout,
    targetModules: [...new Set([...matrices.keys()].map(leafName))].toSorted(),
    matrices,
  };
}

function parseHalf(family: GgufFamily, name: string): { module: string; half: 'a' | 'b' } | null {
  const [, base, half] = halfPattern.exec(name) ?? [];
  if (base === undefined) return null;
  const module = toHuggingFaceName(family, base);
  return module === null || module === undefined ? null : { module: module.replace(/\.weight$/, ''), half: half === 'a' ? 'a' : 'b' };
}
