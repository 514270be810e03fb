/** GGUF LoRA adapters as llama.cpp loads them: writer and reader. Rank is in the shapes, scale = alpha / rank, one alpha for all. */
import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ggufFamily, ggufFamilyOf, knownGgufArchitectures } from '../gguf/families/index.ts';
import type { GgufFamily } from '../gguf/gguf-family.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { writeGguf, type GgufValueToWrite } from '../gguf/gguf-writer.ts';
import { toGgufNames, toHuggingFaceName } from '../gguf/tensor-names.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { adapterScale, isDora, leafName, sortedModules, type AdapterTensors, type LoraMatrices } from './adapter-tensors.ts';
import { readLoraMatrices } from './lora-halves.ts';
import { rotaryHeads, withRopeLayout } from './rotary-rows.ts';

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

/** `config`: the base's, normalised. */
export async function writeGgufAdapter(path: string, adapter: AdapterTensors, config: Readonly<Record<string, unknown>>): Promise<void> {
  if (isDora(adapter)) throw new AppError('ADAPTER_NOT_IN_GGUF', { what: 'DoRA (use_dora)' });
  const family = ggufFamilyOf(config);
  if (family === undefined) throw new AppError('ARCHITECTURE_UNSUPPORTED', { path, architecture: String(config['model_type']), known: knownGgufArchitectures });
  const alpha = ggufAlpha(adapter);
  const { matrices } = withRopeLayout(adapter, family.ropeLayout, rotaryHeads(config));
  const tensors = sortedModules(matrices).flatMap(([module, halves]) => {
    const names = toGgufNames(family, `${module}.weight`);
    if (names.length === 0) throw new AppError('ADAPTER_INVALID', { path, problem: `${module} has no name in GGUF files of ${family.architecture}` });
    const b = foldedB(adapter, halves, alpha);
    const rows = halves.outFeatures / names.length; // a module that is held in parts has A in each of them, and B in parts too
    return names.flatMap((name, part) => [
      float32Tensor(`${name}.lora_a`, [halves.rank, halves.inFeatures], halves.a),
      float32Tensor(`${name}.lora_b`, [rows, halves.rank], b.subarray(part * rows * halves.rank, (part + 1) * rows * halves.rank)),
    ]);
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
