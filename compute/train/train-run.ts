/** A training job from its request to the finished adapter: open, plan, train, save. The loop itself is trainer.ts. */
import type { TrainJob } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent, TrainResult } from '../../shared/contracts/run-events.ts';
import type { RunRecord } from '../../shared/domain/run-record.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatBytes } from '../../shared/text/format.ts';
import type { z } from 'zod';
import { openModel } from '../formats/open-model.ts';
import { sha256OfAdapter } from '../formats/adapters/adapter-files.ts';
import type { HashOf } from '../formats/sha256.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { findCheckpoint, hasCheckpoints, restoreCheckpoint, type RunState, type SoundCheckpoint } from './checkpoint.ts';
import { repeatEngine, setUpEngine, type EngineChoice } from '../tensor/engine-setup.ts';
import { writeProfile } from './kernel-profile.ts';
import { tracedNow, type JobContext } from '../inference/job-context.ts';
import { KnownSpeeds, measureSecondsPerToken } from './measure-speed.ts';
import { checkResumed, chooseForRun, describePlan, type PlanInput, type RunPlan } from './plan-run.ts';
import { hashesFor, openRunData, type RunData } from './run-data.ts';
import { RunFolder } from './run-folder.ts';
import { renderCard } from './run-card.ts';
import { saveTrained } from './save-trained.ts';
import { lineageOf, withInitialAdapter } from './initial-adapter.ts';
import { optimizerGroups } from './parameter-groups.ts';
import { makeTrainee, type Trainee } from './trainee.ts';
import { freshState, Trainer } from './trainer.ts';
import { whyFailed } from './why-failed.ts';
import packageJson from '../../package.json' with { type: 'json' };

type TrainJobOf = z.infer<typeof TrainJob>;

/** Throws what any part of it throws, after the run's log has said so; the folder is then free and can be resumed. */
export async function trainRun(job: TrainJobOf, outer: JobContext): Promise<TrainResult> {
  using folder = new RunFolder(job.runDirectory, job.fence);
  if (!job.resume && (folder.holdsRun || hasCheckpoints(folder.checkpoints))) throw new AppError('RUN_FOLDER_TAKEN', { path: job.runDirectory });
  const emit = (event: JobEvent): void => {
    folder.log.write(event);
    outer.emit(event);
  };
  const context = { ...outer, emit };
  try {
    const result = await trainIn(folder, job, context);
    folder.log.write({ event: 'done', ...result });
    return result;
  } catch (error) {
    const failure = whyFailed(folder, error);
    logFailure(folder, failure, job.fence);
    throw failure;
  }
}

function logFailure(folder: RunFolder, { code, message, remedy, facts }: AppError, attempt: number): void {
  try {
    if (code !== 'CANCELLED') return folder.log.write({ event: 'error', code, message, remedy, facts, attempt });
    const found = findCheckpoint(folder.checkpoints);
    folder.log.write({ event: 'cancelled', step: found?.state.step ?? 0, path: found?.path ?? null });
  } catch {
    // On a full disk nothing more can be written; what the user is told stays the first failure.
  }
}

async function trainIn(folder: RunFolder, job: TrainJobOf, context: JobContext): Promise<TrainResult> {
  const record = job.resume && folder.holdsRun ? folder.readRecord() : null;
  if (job.resume && record === null) throw new AppError('RUN_NOT_FOUND', { path: job.runDirectory });
  const source = tracedNow(context, 'model opened', () => openModel((record ?? job.request).config.model));
  const request: TrainingRequest = record ?? withInitialAdapter(job.request, source);
  using data = await openRunData(source, request, context);
  const hashOf = hashesFor(context);
  const cpu = job.request.config.cpu_optimization;
  const engine = record === null ? setUpEngine(cpu, request.config.training.precision) : repeatEngine(record.choices, cpu.num_workers);
  const found = record === null ? null : findCheckpoint(folder.checkpoints);
  const input: PlanInput = { source, request, data, engine, diskPath: folder.path };
  const plan = record === null ? tracedNow(context, 'memory planned', () => chooseForRun(input)) : null;
  if (plan !== null) requireFit(plan);
  const written =
    record === null
      ? await startRecord(folder, { ...job, request }, { source, data, plan, hashOf })
      : await resumeRecord(folder, job, { record, source, data, engine, found, hashOf });
  // Not before the record is written: without one the folder is taken away again.
  context.emit({ event: 'start', run: job.runId, dir: job.runDirectory });
  if (record === null) setArenaLimit(request, plan);
  else tellOf(checkResumed({ source, request: { ...request, config: { ...request.config, cpu_optimization: cpu } }, data }, written.choices), context);
  const trainee = tracedNow(context, 'weights laid out', () => makeTrainee(source, request.config, written.choices));
  try {
    const state = restore(found, { trainee, data, context });
    if (plan !== null) {
      for (const message of plan.notes) context.emit({ event: 'note', message });
      context.emit({ event: 'plan', run: job.runId, ...describePlan(plan, input, secondsPerToken(trainee, { ...input, choices: plan.choices }, context)) });
    }
    const parts = {
      folder,
      trainee,
      data,
      config: request.config,
      choices: written.choices,
      context,
      resumeCommand: `lathe train --resume ${job.runDirectory}`,
    };
    loadAddon().resetCounters();
    const started = performance.now();
    context.trace?.('first step begun', started);
    const end = await new Trainer(parts, state).run();
    await writeProfile(folder.path, request.config.environment, (performance.now() - started) / 1000);
    context.trace?.('steps trained', performance.now() - started);
    const saving = performance.now();
    const adapter = await saveTrained(folder, { trainee, source, config: request.config });
    context.trace?.('adapter saved', performance.now() - saving);
    const result = resultOf(job, end, adapter);
    await folder.writeCard(renderCard({ record: written, report: data.report, epoch: data.epoch, result }));
    return result;
  } finally {
    trainee.dispose();
    loadAddon().trim();
  }
}

/** As it was measured lately for a run like this, else measured now. */
function secondsPerToken(trainee: Trainee, input: PlanInput & { readonly choices: RunRecord['choices'] }, context: JobContext): number {
  const speeds = new KnownSpeeds(context.cacheDirectory);
  const situation = { ...input, config: input.request.config };
  const known = speeds.recall(situation);
  if (known !== null) return known;
  const measured = tracedNow(context, 'speed measured', () => measureSecondsPerToken(trainee, input.data, input.choices));
  speeds.remember(situation, measured);
  return measured;
}

function tellOf(message: string | null, context: JobContext): void {
  if (message !== null) context.emit({ event: 'note', message });
}

function requireFit({ fits, need, limitBytes, wouldFit }: RunPlan): void {
  if (fits) return;
  throw new AppError('RUN_DOES_NOT_FIT', { needBytes: formatBytes(need.totalBytes), haveBytes: formatBytes(limitBytes), fits: wouldFit ?? '' });
}

/** memory_pool_size bounds the activations; what lives as long as the run comes on top. */
function setArenaLimit({ config }: TrainingRequest, plan: RunPlan | null): void {
  const pool = config.cpu_optimization.memory_pool_size;
  if (pool === null || plan === null) return;
  const lasting = plan.need.parts.filter(({ part }) => !['program', 'model file', 'activations'].includes(part)).reduce((sum, { bytes }) => sum + bytes, 0);
  loadAddon().configure({ arenaLimitBytes: pool * 2 ** 20 + lasting });
}

async function startRecord(
  folder: RunFolder,
  job: TrainJobOf,
  { source, data, plan, hashOf }: { source: ModelSource; data: RunData; plan: RunPlan | null; hashOf: HashOf },
): Promise<RunRecord> {
  if (plan === null) throw new Error('a fresh run has a plan');
  const { config, explicit } = job.request;
  const record: RunRecord = {
    run: job.runId,
    version: packageJson.version,
    started: new Date().toISOString(),
    config,
    explicit,
    notes: [...plan.notes],
    choices: plan.choices,
    base_model: { path: source.path, sha256: await source.sha256(hashOf), name: source.name, architecture: source.architecture },
    dataset: { path: config.data.path, sha256: await hashOf(config.data.path), tokens: data.fingerprint },
    lineage: await lineageOf(config.training.mode === 'full' ? null : config.lora.init_adapter, hashOf),
    optimizer: optimizerGroups(config),
    resumed: [],
  };
  await folder.writeRecord(record);
  return record;
}

interface Resumption {
  readonly record: RunRecord;
  readonly source: ModelSource;
  readonly data: RunData;
  readonly engine: EngineChoice;
  readonly found: SoundCheckpoint | null;
  readonly hashOf: HashOf;
}

/** Everything that decides bits must be as it was: kernels, base model, data, and the best checkpoint so far. */
async function resumeRecord(folder: RunFolder, job: TrainJobOf, resumption: Resumption): Promise<RunRecord> {
  const { record, found } = resumption;
  const differences = await differencesOf(resumption);
  const drift = differences.length === 0 ? null : differences.join('; ');
  if (drift !== null && !job.allowDrift) throw new AppError('RESUME_DRIFT', { difference: drift });
  const resumed = { ...record, resumed: [...record.resumed, { time: new Date().toISOString(), step: found?.state.step ?? 0, drift }] };
  await folder.writeRecord(resumed);
  return resumed;
}

async function differencesOf({ record, source, data, engine, found, hashOf }: Resumption): Promise<string[]> {
  const { choices, base_model: base, dataset } = record;
  const differences = kernelDifferences(choices, engine);
  if ((await source.sha256(hashOf)) !== base.sha256) differences.push(`${source.path} has changed`);
  const [ancestor] = record.lineage;
  if (ancestor !== undefined && (await sha256OfAdapter(ancestor.path, hashOf)) !== ancestor.sha256) differences.push(`${ancestor.path} has changed`);
  if ((await hashOf(dataset.path)) !== dataset.sha256) differences.push(`${dataset.path} has changed`);
  else if (dataset['tokens'] !== data.fingerprint)
    differences.push(`the rows become other tokens (the evaluation rows, the chat template or the date of ${dataset.path} have changed)`);
  if (found !== null && found.bestProblem !== null) differences.push(`the best checkpoint is lost (${found.bestProblem})`);
  return differences;
}

/** Another instruction set has other kernels: it alone is named then. */
function kernelDifferences(choices: RunRecord['choices'], { isa, kernels }: EngineChoice): string[] {
  const others = Object.entries(choices.kernels).filter(([op, name]) => kernels[op] !== name);
  if (others.length > 0 && choices.isa !== isa) return [`isa ${choices.isa} → ${isa}`];
  return others.map(([op, name]) => `${op} was ${name}, here it is ${kernels[op] ?? 'missing'}`);
}

function restore(found: SoundCheckpoint | null, { trainee, data, context }: { trainee: Trainee; data: RunData; context: JobContext }): RunState {
  if (found === null) return freshState;
  const { path, state, damaged, bestProblem } = found;
  for (const problem of damaged) context.emit({ event: 'note', message: `A damaged checkpoint was passed over (${problem}).` });
  restoreCheckpoint(path, trainee);
  context.emit({ event: 'note', message: `Going on from step ${state.step}.` });
  // Only after a drift that was allowed can the rows be fewer than they were, or the best checkpoint be lost.
  const { epoch, row } = state.position;
  const position = row < data.loader.rows ? state.position : { epoch: epoch + 1, row: 0 };
  return { ...state, position, best: bestProblem === null ? state.best : null };
}

const resultOf = (job: TrainJobOf, end: RunState, adapter: string): TrainResult => ({
  run: job.runId,
  adapter,
  steps: end.step,
  final_loss: end.lastLoss,
  eval_loss: end.best?.loss ?? null,
  seconds: end.seconds,
  tokens: end.tokens,
  peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
});

/** The plan alone: nothing is trained, nothing is written. */
export async function planRun(asked: TrainingRequest, diskPath: string, context: JobContext) {
  const source = openModel(asked.config.model);
  const request = withInitialAdapter(asked, source);
  using data = await openRunData(source, request, context);
  const engine = setUpEngine(request.config.cpu_optimization, request.config.training.precision);
  const input = { source, request, data, engine, diskPath };
  const plan = chooseForRun(input);
  for (const message of plan.notes) context.emit({ event: 'note', message });
  if (!plan.fits) return describePlan(plan, input, 0);
  const trainee = makeTrainee(source, request.config, plan.choices);
  try {
    const measured = measureSecondsPerToken(trainee, data, plan.choices);
    new KnownSpeeds(context.cacheDirectory).remember({ ...input, choices: plan.choices, config: request.config }, measured);
    return describePlan(plan, input, measured);
  } finally {
    trainee.dispose();
  }
}
