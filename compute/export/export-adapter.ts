/** Writes an adapter in another form (PEFT, GGUF, merged into its base), and proves the result in llama.cpp. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportCheck, ExportResult, JobOf } from '../../shared/contracts/compute-jobs.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import { isDora } from '../formats/adapters/adapter-tensors.ts';
import { openAdapter, openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { peftBase, peftWeightsName, writePeftAdapter } from '../formats/adapters/peft-writer.ts';
import { writeGgufAdapter } from '../formats/adapters/gguf-adapter.ts';
import { replaceAtomically } from '../formats/atomic-file.ts';
import { writeMergedGguf } from '../formats/merge/merged-gguf.ts';
import { writeMergedHuggingFace } from '../formats/merge/merged-huggingface.ts';
import { plainMergedWeights, type MergedWeights } from '../formats/merge/merged-weights.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { openModel } from '../formats/open-model.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import { loadForInference } from '../inference/load-for-inference.ts';
import type { JobContext } from '../inference/job-context.ts';
import { CheckProgress, watchedWeights } from './check-progress.ts';
import { checkPrompts } from './check-prompts.ts';
import { checkEffect, type Coarseness, type EffectInput } from './effect-check.ts';
import { engineLogProbs } from './engine-log-probs.ts';
import { placeOf } from './out-place.ts';

type Job = JobOf<'export'>;

/** How the check brings the result before llama.cpp: as it is, or a DoRA folder, which no GGUF adapter can hold, merged into its base. */
type ProvenAs = Job['to'] | 'peft-merged';
const provenAs = ({ to, adapter }: Job, source: ModelSource): ProvenAs => (to === 'peft' && isDora(openAdapterFor(adapter, source)) ? 'peft-merged' : to);

export async function exportAdapter(job: Job, context: JobContext): Promise<ExportResult> {
  const source = openModel(job.model ?? openAdapter(job.adapter).baseModelName);
  const { file, check } = await replaceAtomically(placeOf(job, source), async (temporary) => {
    // What is refused, or was not checked to the end, never lies there as if it were good.
    const written = { ...job, out: temporary };
    const weights = await write(written, source, context);
    const file = { bytes: statSync(weights).size, sha256: await sha256OfFile(weights) };
    return { file, check: job.check ? await prove(written, source, context) : null };
  });
  if (source.textPrefix !== undefined && job.to === 'merged-safetensors')
    context.emit({ event: 'note', message: 'The merged folder holds the language model alone: text goes in, no images.' });
  if (check !== null && check.greedy.every(({ base, adapted }) => base === adapted)) {
    context.emit({ event: 'note', message: 'The greedy answers are the same with and without the adapter, though the log-probabilities moved.' });
  }
  return { path: job.out, format: job.to, ...file, check };
}

/** Returns the file that stands for the result: the only one, or the folder's weights. */
async function write({ adapter: path, to, out, quantization }: Job, source: ModelSource, context: JobContext): Promise<string> {
  const adapter = openAdapterFor(path, source);
  const merged = (): MergedWeights => watchedWeights(plainMergedWeights(source, adapter), { total: source.weights.size, context });
  switch (to) {
    case 'peft':
      await writePeftAdapter(out, adapter, peftBase(source));
      return join(out, peftWeightsName);
    case 'gguf':
      await writeGgufAdapter(out, adapter, source.config);
      return out;
    case 'merged-gguf':
      await writeMergedGguf(out, source, merged(), { dtype: quantization });
      return out;
    case 'merged-safetensors':
      await writeMergedHuggingFace(out, source, merged(), { dtype: 'bf16' });
      return join(out, 'model.safetensors');
  }
}

/** Of each prompt: with and without the adapter here, and both there, log-probabilities and greedy text. */
const PIECES_PER_PROMPT = 6;

/** Runs the check on the file just written; null where llama.cpp cannot. Throws what `checkEffect` does. */
async function prove(job: Job, source: ModelSource, context: JobContext): Promise<ExportCheck | null> {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-check-'));
  try {
    const basePath = await baseIfSaid(job, source, { folder, context });
    if (basePath === null) return null;
    const exact = { ...job.engine, precision: 'fp32' as const };
    const { prompts, base, tokenizer, progress } = await withModel({ model: source.path, adapter: null, engine: exact }, async (loaded) => {
      const found = await checkPrompts(job.adapter, loaded);
      const steps = new CheckProgress(context, 'checks', PIECES_PER_PROMPT * found.length);
      return { prompts: found, base: await engineLogProbs(loaded, found, steps), tokenizer: loaded.tokenizer, progress: steps };
    });
    const adapted = await withModel({ model: source.path, adapter: job.adapter, engine: exact }, (loaded) => engineLogProbs(loaded, prompts, progress));
    const written = await writtenForLlama(job, source, folder);
    const coarseness = coarsenessOf(source, mergedType(job, source));
    return await checkEffect({ basePath, modelPath: source.path, ...written, prompts, engine: { base, adapted }, coarseness, tokenizer, progress });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withModel<T>(job: Parameters<typeof loadForInference>[0], use: (loaded: ReturnType<typeof loadForInference>) => T | Promise<T>): Promise<T> {
  using loaded = loadForInference(job);
  return await use(loaded);
}

/** Forms that are of use without llama.cpp. */
const otherForms: readonly Job['to'][] = ['peft', 'merged-safetensors'];
const unsayable = ['ARCHITECTURE_UNSUPPORTED', 'MODEL_INVALID', 'TOKENIZER_UNSUPPORTED'] as const;

/** Null where GGUF cannot hold the base and the written form does not need it to; the user is told. */
async function baseIfSaid(job: Job, source: ModelSource, { folder, context }: { folder: string; context: JobContext }): Promise<string | null> {
  try {
    return await baseForLlama(job, source, { folder, context });
  } catch (error) {
    if (!otherForms.includes(job.to) || !isAppError(error) || !unsayable.some((code) => isAppError(error, code))) throw error;
    context.emit({ event: 'note', message: `llama.cpp cannot load this base, so the effect was not checked there. ${error.message}` });
    return null;
  }
}

/**
 * The base as llama.cpp loads it. Beside a merged model it is written in that model's own form, so that the difference between the two is
 * the adapter's and not the rounding's; beside an adapter it is the file itself, or F16 where that is no GGUF.
 */
async function baseForLlama(job: Job, source: ModelSource, { folder, context }: { folder: string; context: JobContext }): Promise<string> {
  const { to, quantization } = job;
  const path = join(folder, 'base.gguf');
  const plain = watchedWeights(plainMergedWeights(source, null), { total: source.weights.size, context });
  if (to === 'merged-safetensors') {
    await writeMergedHuggingFace(join(folder, 'base'), source, plain, { dtype: 'bf16' });
    await writeAsGguf(join(folder, 'base'), path);
  } else if (to === 'merged-gguf') await writeMergedGguf(path, source, plain, { dtype: quantization });
  else if (source.format === 'gguf' && provenAs(job, source) !== 'peft-merged') return source.weights.values().next().value?.path ?? source.path;
  else await writeMergedGguf(path, source, plain, { dtype: 'f16' });
  return path;
}

async function writeAsGguf(model: string, path: string): Promise<void> {
  const source = openModel(model);
  await writeMergedGguf(path, source, plainMergedWeights(source, null), { dtype: 'f16' });
}

/** What was written, read back and, where it is no GGUF, brought into one for the length of the check. */
async function writtenForLlama(job: Job, source: ModelSource, folder: string): Promise<Pick<EffectInput, 'adapterPath' | 'mergedPath'>> {
  const { out } = job;
  const path = join(folder, 'written.gguf');
  switch (provenAs(job, source)) {
    case 'peft-merged':
      await writeMergedGguf(path, source, plainMergedWeights(source, openAdapterFor(out, source)), { dtype: 'f16' });
      return { adapterPath: null, mergedPath: path };
    case 'gguf':
      return { adapterPath: out, mergedPath: null };
    case 'merged-gguf':
      return { adapterPath: null, mergedPath: out };
    case 'peft':
      await writeGgufAdapter(path, openAdapterFor(out, source), source.config);
      return { adapterPath: path, mergedPath: null };
    case 'merged-safetensors':
      await writeAsGguf(out, path);
      return { adapterPath: null, mergedPath: path };
  }
}

/** The type that matrices were rounded to on the way into a merged model. */
function mergedType(job: Job, source: ModelSource): MergedType | null {
  const to = provenAs(job, source);
  if (to === 'merged-gguf') return job.quantization;
  if (to === 'peft-merged') return 'f16';
  return to === 'merged-safetensors' ? 'bf16' : null;
}

type MergedType = Job['quantization'] | 'bf16';

/** The coarsest type among the base's matrices and the merged file's. */
function coarsenessOf({ weights }: ModelSource, merged: MergedType | null): Coarseness {
  const types = new Set([...weights.values()].filter(({ shape }) => shape.length > 1).map(({ dtype }) => dtype));
  if ([...types].some((type) => !['f32', 'f16', 'bf16', 'q8_0', 'i32'].includes(type))) return 'quantised';
  if (types.has('q8_0') || merged === 'q8_0') return 'q8_0';
  if (types.has('bf16') || merged === 'bf16') return 'bf16';
  return types.has('f16') || merged === 'f16' ? 'f16' : 'f32';
}
