/** A training job from its request to the finished adapter: open, plan, train, save. The loop itself is trainer.ts. */
import type { TrainJob } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent, TrainResult } from '../../shared/contracts/run-events.ts';
import type { RunRecord } from '../../shared/domain/run-record.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import { formatBytes } from '../../shared/text/format-bytes.ts';
import type { z } from 'zod';
import { openModel } from '../formats/open-model.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { findCheckpoint, restoreCheckpoint, type RunState } from './checkpoint.ts';
import { applyEngine, setUpEngine } from '../tensor/engine-setup.ts';
import type { JobContext } from '../inference/job-context.ts';
import { measureSecondsPerToken } from './measure-speed.ts';
import { chooseForRun, describePlan, type PlanInput, type RunPlan } from './plan-run.ts';
import { openRunData } from './run-data.ts';
import { RunFolder } from './run-folder.ts';
import { renderCard } from './run-card.ts';
import { saveTrained } from './save-trained.ts';
import { makeTrainee } from './trainee.ts';
import { freshState, Trainer } from './trainer.ts';
import packageJson from '../../package.json' with { type: 'json' };

type TrainJobOf = z.infer<typeof TrainJob>;

/** Throws what any part of it throws, after the run's log has said so; the folder is then free and can be resumed. */
export async function trainRun(job: TrainJobOf, outer: JobContext): Promise<TrainResult> {
  using folder = new RunFolder(job.runDirectory);
  if (folder.holdsRun && !job.resume) throw new AppError('RUN_FOLDER_TAKEN', { path: job.runDirectory });
  const emit = (event: JobEvent): void => {
    folder.log.write(event);
    outer.emit(event);
  };
  const context = { ...outer, emit };
  emit({ event: 'start', run: job.runId, dir: job.runDirectory });
  try {
    const result = await trainIn(folder, job, context);
    folder.log.write({ event: 'done', ...result });
    return result;
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === 'CANCELLED') folder.log.write({ event: 'cancelled', step: findCheckpoint(folder.checkpoints)?.state.step ?? 0, path: findCheckpoint(folder.checkpoints)?.path ?? null });
    else folder.log.write({ event: 'error', code: failure.code, message: failure.message, remedy: failure.remedy });
    throw error;
  }
}

async function trainIn(folder: RunFolder, job: TrainJobOf, context: JobContext): Promise<TrainResult> {
  const record = job.resume && folder.holdsRun ? folder.readRecord() : null;
  if (job.resume && record === null) throw new AppError('RUN_NOT_FOUND', { path: job.runDirectory });
  const request: TrainingRequest = record ?? job.request;
  const source = openModel(request.config.model);
  using data = await openRunData(source, request, context);
  const cpu = job.request.config.cpu_optimization;
  const engine = record === null ? setUpEngine(cpu, request.config.training.precision) : applyEngine(record.choices, cpu.num_workers);
  const input: PlanInput = { source, request, data, engine, diskPath: folder.path };
  const plan = record === null ? chooseForRun(input) : null;
  if (plan !== null) requireFit(plan);
  const written = record === null ? await startRecord(folder, job, { source, plan }) : await resumeRecord(folder, job, { record, source, kernels: engine.kernels });
  setArenaLimit(request, plan);
  const trainee = makeTrainee(source, request.config, written.choices);
  try {
    const state = restore(folder, trainee, context);
    if (plan !== null) {
      for (const message of plan.notes) context.emit({ event: 'note', message });
      context.emit({ event: 'plan', run: job.runId, ...describePlan(plan, input, measureSecondsPerToken(trainee, data, plan.choices)) });
    }
    const parts = { folder, trainee, data, config: request.config, choices: written.choices, context, resumeCommand: `lathe train --resume ${job.runDirectory}` };
    const end = await new Trainer(parts, state).run();
    const adapter = await saveTrained(folder, { trainee, source, config: request.config });
    const result = resultOf(job, end, adapter);
    await folder.writeCard(renderCard({ record: written, report: data.report, result }));
    return result;
  } finally {
    trainee.dispose();
    loadAddon().trim();
  }
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

async function startRecord(folder: RunFolder, job: TrainJobOf, { source, plan }: { source: ModelSource; plan: RunPlan | null }): Promise<RunRecord> {
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
    base_model: { path: source.path, sha256: await source.sha256(), name: source.name, architecture: source.architecture },
    dataset: { path: config.data.path, sha256: await sha256OfFile(config.data.path) },
    resumed: [],
  };
  await folder.writeRecord(record);
  return record;
}

/** Everything that decides bits must be as it was: kernels, base model, data. */
async function resumeRecord(folder: RunFolder, job: TrainJobOf, { record, source, kernels }: { record: RunRecord; source: ModelSource; kernels: RunRecord['choices']['kernels'] }): Promise<RunRecord> {
  const differences = Object.entries(record.choices.kernels).flatMap(([op, name]) => (kernels[op] === name ? [] : [`${op} was ${name}, here it is ${kernels[op] ?? 'missing'}`]));
  if ((await source.sha256()) !== record.base_model.sha256) differences.push(`${source.path} has changed`);
  if ((await sha256OfFile(record.dataset.path)) !== record.dataset.sha256) differences.push(`${record.dataset.path} has changed`);
  const drift = differences.length === 0 ? null : differences.join('; ');
  if (drift !== null && !job.allowDrift) throw new AppError('RESUME_DRIFT', { difference: drift });
  const step = findCheckpoint(folder.checkpoints)?.state.step ?? 0;
  const resumed = { ...record, resumed: [...record.resumed, { time: new Date().toISOString(), step, drift }] };
  await folder.writeRecord(resumed);
  return resumed;
}

function restore(folder: RunFolder, trainee: ReturnType<typeof makeTrainee>, context: JobContext): RunState {
  const found = findCheckpoint(folder.checkpoints);
  if (found === null) return freshState;
  for (const problem of found.damaged) context.emit({ event: 'note', message: `A damaged checkpoint was passed over (${problem}).` });
  restoreCheckpoint(found.path, trainee);
  context.emit({ event: 'note', message: `Going on from step ${found.state.step}.` });
  return found.state;
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
export async function planRun(request: TrainingRequest, diskPath: string, context: JobContext) {
  const source = openModel(request.config.model);
  using data = await openRunData(source, request, context);
  const engine = setUpEngine(request.config.cpu_optimization, request.config.training.precision);
  const input = { source, request, data, engine, diskPath };
  const plan = chooseForRun(input);
  for (const message of plan.notes) context.emit({ event: 'note', message });
  if (!plan.fits) return describePlan(plan, input, 0);
  const trainee = makeTrainee(source, request.config, plan.choices);
  try {
    return describePlan(plan, input, measureSecondsPerToken(trainee, data, plan.choices));
  } finally {
    trainee.dispose();
  }
}
