/** Writes an adapter in another form (PEFT, GGUF, merged into its base), and proves the result in llama.cpp where that can load it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportCheck, ExportResult, JobOf } from '../../shared/contracts/compute-jobs.ts';
import { openAdapter, openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { peftWeightsName, writePeftAdapter } from '../formats/adapters/peft-writer.ts';
import { rotaryHeads } from '../formats/adapters/rotary-rows.ts';
import { writeGgufAdapter } from '../formats/adapters/gguf-adapter.ts';
import { writeMergedGguf } from '../formats/merge/merged-gguf.ts';
import { writeMergedHuggingFace } from '../formats/merge/merged-huggingface.ts';
import { plainMergedWeights } from '../formats/merge/merged-weights.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { openModel } from '../formats/open-model.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import { loadForInference } from '../inference/load-for-inference.ts';
import type { JobContext } from '../inference/job-context.ts';
import { checkPrompts } from './check-prompts.ts';
import { checkEffect, type Coarseness } from './effect-check.ts';
import { engineLogProbs } from './engine-log-probs.ts';

type Job = JobOf<'export'>;

export async function exportAdapter(job: Job, context: JobContext): Promise<ExportResult> {
  const source = openModel(job.model ?? openAdapter(job.adapter).baseModelName);
  const file = await write(job, source);
  const isCheckable = job.to === 'gguf' || job.to === 'merged-gguf';
  const check = job.check && isCheckable ? await prove(job, source) : null;
  if (check !== null && check.greedy.every(({ base, adapted }) => base === adapted)) {
    context.emit({ event: 'note', message: 'The greedy answers are the same with and without the adapter, though the log-probabilities moved.' });
  }
  return { path: job.out, format: job.to, bytes: statSync(file).size, sha256: await sha256OfFile(file), check };
}

/** Returns the file that stands for the result: the only one, or the folder's weights. */
async function write({ adapter: path, to, out, quantization }: Job, source: ModelSource): Promise<string> {
  const adapter = openAdapterFor(path, source);
  const heads = rotaryHeads(source.config);
  switch (to) {
    case 'peft':
      await writePeftAdapter(out, adapter, heads);
      return join(out, peftWeightsName);
    case 'gguf':
      await writeGgufAdapter(out, adapter, { architecture: source.architecture, heads });
      return out;
    case 'merged-gguf':
      await writeMergedGguf(out, source, plainMergedWeights(source, adapter), { dtype: quantization });
      return out;
    case 'merged-safetensors':
      await writeMergedHuggingFace(out, source, plainMergedWeights(source, adapter), { dtype: 'bf16' });
      return join(out, 'model.safetensors');
  }
}

/** Runs the check on the file just written. Throws ADAPTER_WITHOUT_EFFECT, ADAPTER_DISAGREES. */
async function prove(job: Job, source: ModelSource): Promise<ExportCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-check-'));
  try {
    const basePath = await baseForLlama(source, folder);
    const exact = { ...job.engine, precision: 'fp32' as const };
    const { prompts, base, tokenizer } = await withModel({ model: source.path, adapter: null, engine: exact }, async (loaded) => {
      const found = await checkPrompts(job.adapter, loaded);
      return { prompts: found, base: engineLogProbs(loaded, found), tokenizer: loaded.tokenizer };
    });
    const adapted = await withModel({ model: source.path, adapter: job.adapter, engine: exact }, (loaded) => engineLogProbs(loaded, prompts));
    const isMerged = job.to === 'merged-gguf';
    return await checkEffect({
      basePath,
      adapterPath: isMerged ? null : job.out,
      mergedPath: isMerged ? job.out : null,
      prompts,
      engine: { base, adapted },
      coarseness: coarsenessOf(source, isMerged ? job.quantization : null),
      tokenizer,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withModel<T>(job: Parameters<typeof loadForInference>[0], use: (loaded: ReturnType<typeof loadForInference>) => T | Promise<T>): Promise<T> {
  using loaded = loadForInference(job);
  return await use(loaded);
}

/** llama.cpp reads GGUF only: a Hugging Face base is written as F16 for the length of the check. */
async function baseForLlama(source: ModelSource, folder: string): Promise<string> {
  if (source.format === 'gguf') return source.weights.values().next().value?.path ?? source.path;
  const path = join(folder, 'base.gguf');
  await writeMergedGguf(path, source, plainMergedWeights(source, null), { dtype: 'f16' });
  return path;
}

/** The coarsest type among the base's matrices and the merged file's. */
function coarsenessOf({ weights }: ModelSource, merged: Job['quantization'] | null): Coarseness {
  const types = new Set([...weights.values()].filter(({ shape }) => shape.length > 1).map(({ dtype }) => dtype));
  if ([...types].some((type) => !['f32', 'f16', 'bf16', 'q8_0', 'i32'].includes(type))) return 'quantised';
  if (types.has('q8_0') || merged === 'q8_0') return 'q8_0';
  if (types.has('bf16')) return 'bf16';
  return types.has('f16') || merged === 'f16' ? 'f16' : 'f32';
}
