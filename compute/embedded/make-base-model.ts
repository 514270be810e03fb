/**
 * `npm run make:base-model`: makes the embedded base model from nothing but seeds. Corpus, vocabulary, random weights, our own trainer, one GGUF file,
 * and the page that tells of it. `--out DIR` instead of resources/models; `--work DIR` keeps the run, and goes on with it when called again.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import type { JobEvent, TrainResult } from '../../shared/contracts/run-events.ts';
import { runFiles, RunRecord } from '../../shared/domain/run-record.ts';
import { writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { writeMergedGguf } from '../formats/merge/merged-gguf.ts';
import { plainMergedWeights } from '../formats/merge/merged-weights.ts';
import { inspectModel } from '../formats/inspect.ts';
import { openModel } from '../formats/open-model.ts';
import { trainRun } from '../train/train-run.ts';
import { renderModelCard } from './base-model/model-card.ts';
import { pretrainingRequest, pretrainingSteps, writePretrainingCorpus } from './base-model/pretraining.ts';
import { writeUntrainedModel } from './base-model/untrained-model.ts';

export const baseModelFile = 'lathe-base.gguf';

export interface BaseModelOptions {
  /** Where the model and its README go. */
  readonly out: string;
  /** Where corpus, untrained model and run lie; an unfinished run in it is gone on with. */
  readonly work: string;
  readonly steps: number;
  readonly say: (line: string) => void;
}

/** Returns the model's path. */
export async function makeBaseModel({ out, work, steps, say }: BaseModelOptions): Promise<string> {
  const [untrained, corpus, run] = [join(work, 'lathe-base'), join(work, 'corpus.jsonl'), join(work, 'run')];
  if (!existsSync(run)) {
    say('Making the corpus, the vocabulary and the untrained model …');
    await writePretrainingCorpus(corpus, steps);
    await writeUntrainedModel(untrained);
  }
  const request = pretrainingRequest({ model: untrained, dataPath: corpus, steps, cores: availableParallelism() });
  const job = {
    kind: 'train',
    request,
    runId: 'base-model',
    runDirectory: run,
    resume: existsSync(join(run, runFiles.record)),
    allowDrift: false,
    fence: 0,
  } as const;
  const context = { emit: narrator(say), signal: new AbortController().signal, cacheDirectory: join(work, 'cache') };
  const trained = await trainRun(job, context);
  const path = join(out, baseModelFile);
  const source = { ...openModel(trained.adapter), name: 'lathe-base', licence: 'cc0-1.0' };
  await writeMergedGguf(path, source, plainMergedWeights(source, null), { dtype: 'f16' });
  await writeWholeFileAtomically(join(out, 'README.md'), await card(path, run, trained));
  return path;
}

/** Every fiftieth step is told, and whatever is no step. */
const narrator =
  (say: (line: string) => void) =>
  (event: JobEvent): void => {
    if (event.event === 'note') say(event.message);
    if (event.event === 'eval') say(`step ${String(event.step)}: loss on rows held out ${event.eval_loss.toFixed(4)}`);
    if (event.event !== 'step' || event.step % 50 !== 0) return;
    const left = (event.eta_seconds / 60).toFixed(1);
    say(
      `step ${String(event.step)} of ${String(event.steps)}: loss ${event.loss.toFixed(4)}, ${event.tokens_per_second.toFixed(0)} tokens/s, ${left} minutes to go`,
    );
  };

async function card(path: string, run: string, trained: TrainResult): Promise<string> {
  const { bytes, sha256, parameters } = await inspectModel(openModel(path), { withHash: true });
  const { choices, config } = RunRecord.parse(parse(readFileSync(join(run, runFiles.record), 'utf8')));
  return renderModelCard({
    file: baseModelFile,
    bytes,
    sha256: sha256 ?? '',
    parameters,
    rows: trained.steps * config.training.batch_size,
    steps: trained.steps,
    tokens: trained.tokens,
    seconds: trained.seconds,
    finalLoss: trained.final_loss,
    holdoutLoss: trained.eval_loss,
    isa: choices.isa,
    precision: choices.precision,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    workers: config.cpu_optimization.num_workers,
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' }, work: { type: 'string' } } });
  const work = values.work === undefined ? mkdtempSync(join(tmpdir(), 'lathe-base-model-')) : resolve(values.work);
  const out = resolve(values.out ?? join(import.meta.dirname, '..', '..', 'resources', 'models'));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    say(await makeBaseModel({ out, work, say, steps: pretrainingSteps }));
  } finally {
    if (values.work === undefined) rmSync(work, { recursive: true, force: true });
  }
}

// Footgun: under with-engine.js this file is imported, so import.meta.main is false there.
if (process.argv[1] === import.meta.filename) await main();
