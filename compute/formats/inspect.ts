/** Says what a model or adapter on disk is, as plain data: the facts behind `lathe inspect`. Reads headers only, unless asked for the hash. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { openAdapter, knownAdapterForms } from './adapters/open-adapter.ts';
import { adapterFiles, sha256OfAdapter } from './adapters/adapter-files.ts';
import { adapterScale, isDora } from './adapters/adapter-tensors.ts';
import { peftConfigName } from './adapters/peft-writer.ts';
import { withFileErrors } from './file-errors.ts';
import { isGgufFile } from './gguf/is-gguf.ts';
import { readGguf } from './gguf/gguf-reader.ts';
import type { ModelSource } from './model-source.ts';
import { knownModelForms, openModel } from './open-model.ts';

export interface ModelSummary {
  readonly kind: 'model';
  readonly path: string;
  readonly format: 'gguf' | 'huggingface';
  readonly name: string;
  readonly architecture: string;
  /** Numbers in all weights; a tied output counts once. */
  readonly parameters: number;
  /** How many tensors there are of each type: { q4_1: 210, f32: 61 }. */
  readonly tensorTypes: Readonly<Record<string, number>>;
  /** The type that holds most of the layers' numbers: a large vocabulary may outweigh them in another. */
  readonly quantisation: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly contextLength: number | null;
  readonly vocabularySize: number;
  readonly tiedEmbeddings: boolean;
  readonly licence: string | null;
  /** gpt2, llama (GGUF), or tokenizer.json; null if there is none. */
  readonly tokenizer: string | null;
  readonly hasChatTemplate: boolean;
  readonly bytes: number;
  readonly sha256: string | null;
}

export interface AdapterSummary {
  readonly kind: 'adapter';
  readonly path: string;
  readonly format: 'gguf' | 'peft';
  readonly baseModelName: string;
  readonly rank: number;
  readonly alpha: number;
  readonly useRsLora: boolean;
  readonly useDora: boolean;
  /** Factor before B·A; null if modules differ. */
  readonly scale: number | null;
  readonly targetModules: readonly string[];
  /** Adapted modules. */
  readonly modules: number;
  readonly parameters: number;
  /** Whether any B is other than zero; a fresh adapter changes nothing. */
  readonly isTrained: boolean;
  readonly bytes: number;
  readonly sha256: string | null;
}

interface InspectOptions {
  /** Also hash the files, which reads them whole. */
  readonly withHash?: boolean;
}

/** What lies at `path`; FORMAT_UNKNOWN if it is neither a model nor an adapter. */
export async function inspectModelOrAdapter(path: string, options: InspectOptions = {}): Promise<ModelSummary | AdapterSummary> {
  if (isAdapter(path)) return inspectAdapter(path, options);
  try {
    return await inspectModel(openModel(path), options);
  } catch (error) {
    if (isAppError(error, 'FORMAT_UNKNOWN')) throw new AppError('FORMAT_UNKNOWN', { path, known: `${knownModelForms}, ${knownAdapterForms}` });
    throw error;
  }
}

function isAdapter(path: string): boolean {
  const stat = withFileErrors({ path, what: 'File', action: 'read' }, () => statSync(path));
  if (stat.isDirectory()) return existsSync(join(path, peftConfigName));
  return isGgufFile(path, 'File') && readGguf(path).metadata.optionalString('general.type') === 'adapter';
}

export async function inspectModel(model: ModelSource, { withHash = false }: InspectOptions = {}): Promise<ModelSummary> {
  const { config } = model;
  const inLayers = new Map<string, number>();
  const tensorTypes: Record<string, number> = {};
  let parameters = 0;
  for (const [name, { dtype, shape }] of model.weights) {
    const count = product(shape);
    parameters += count;
    tensorTypes[dtype] = (tensorTypes[dtype] ?? 0) + 1;
    if (name.includes('.layers.')) inLayers.set(dtype, (inLayers.get(dtype) ?? 0) + count);
  }
  const [largest] = [...inLayers].sort(([, a], [, b]) => b - a);
  const context = config['max_position_embeddings'];
  return {
    kind: 'model',
    path: model.path,
    format: model.format,
    name: model.name,
    architecture: model.architecture,
    parameters,
    tensorTypes,
    quantisation: largest?.[0] ?? 'none',
    layers: Number(config['num_hidden_layers']),
    hiddenSize: Number(config['hidden_size']),
    contextLength: typeof context === 'number' ? context : null,
    vocabularySize: Number(config['vocab_size']),
    tiedEmbeddings: config['tie_word_embeddings'] === true,
    licence: model.licence,
    tokenizer: tokenizerKind(model),
    hasChatTemplate: model.chatTemplate !== null,
    bytes: model.bytes,
    sha256: withHash ? await model.sha256() : null,
  };
}

function tokenizerKind(model: ModelSource): string | null {
  if (model.format === 'huggingface') return existsSync(join(model.path, 'tokenizer.json')) ? 'tokenizer.json' : null;
  const metadata = readGguf(model.files[0] ?? model.path).metadata;
  const pre = metadata.optionalString('tokenizer.ggml.pre');
  const kind = metadata.optionalString('tokenizer.ggml.model');
  return kind === null || pre === null ? kind : `${kind} (${pre})`;
}

export async function inspectAdapter(path: string, { withHash = false }: InspectOptions = {}): Promise<AdapterSummary> {
  const adapter = openAdapter(path);
  const matrices = [...adapter.matrices.values()];
  const scales = new Set(matrices.map((each) => adapterScale(adapter, each)));
  const files = adapterFiles(path);
  return {
    kind: 'adapter',
    path,
    format: files[0] === path ? 'gguf' : 'peft',
    baseModelName: adapter.baseModelName,
    rank: adapter.rank,
    alpha: adapter.alpha,
    useRsLora: adapter.useRsLora,
    useDora: isDora(adapter),
    scale: scales.size === 1 ? (scales.values().next().value ?? null) : null,
    targetModules: adapter.targetModules,
    modules: matrices.length,
    parameters: matrices.reduce((sum, { a, b, magnitude }) => sum + a.length + b.length + (magnitude?.length ?? 0), 0),
    isTrained: matrices.some(({ b }) => b.some((value) => value !== 0)),
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    sha256: withHash ? await sha256OfAdapter(path) : null,
  };
}

const product = (shape: readonly number[]): number => shape.reduce((total, size) => total * size, 1);
