/** `lathe train`: trains an adapter, or goes on with a run that was stopped. */
import { Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { TrainResult } from '../../../shared/contracts/run-events.ts';
import { machineKeys } from '../../../shared/domain/cpu-optimization.ts';
import type { TrainingRequest } from '../../../shared/domain/training-config.ts';
import { runFiles, type RunRecord } from '../../../shared/domain/run-record.ts';
import { formatBytes, formatCount, formatSeconds } from '../../../shared/text/format.ts';
import { notYet, type Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { configFromFlags } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';
import { addTrainingFlags, newTrainingRun, resumeCommand, useLogging, type NewRun, type TrainingOptions } from '../training-request.ts';

interface TrainOptions extends TrainingOptions {
  readonly resume?: string;
  readonly allowDrift?: boolean;
  readonly detach?: boolean;
}

export const trainCommand = (host: HostSource): Command =>
  addTrainingFlags(new Command('train').description('train a LoRA adapter, or every weight of a small model'))
    .option('--resume <run>', 'go on with a run: its id, its folder, or auto for the last unfinished one')
    .option('--allow-drift', 'resume although this machine cannot repeat the run bit for bit')
    .addOption(new Option('--detach', 'leave the run to the background').hideHelp()) // Refused in this version.
    .action((options: TrainOptions) => train(host(), options));

async function train(host: Host, options: TrainOptions): Promise<void> {
  if (options.detach === true) throw notYet('--detach', 'running in the background');
  const isResumed = options.resume !== undefined;
  const run = options.resume === undefined ? startOf(host, options) : resumeOf(host, { ...options, resume: options.resume });
  await trainRun(host, { run, isResumed, allowDrift: options.allowDrift === true });
}

/** Trains or goes on, and says how it ended. */
export async function trainRun(host: Host, { run, isResumed, allowDrift }: { run: NewRun; isResumed: boolean; allowDrift: boolean }): Promise<void> {
  const result = await runTraining(host, { run, isResumed, allowDrift });
  host.reporter.done(result, resultLines(result, run.request.config));
}

export const runTraining = (host: Host, { run, isResumed, allowDrift }: { run: NewRun; isResumed: boolean; allowDrift: boolean }): Promise<TrainResult> =>
  runJob(host, {
    job: { kind: 'train', request: run.request, runId: run.runId, runDirectory: run.runDirectory, resume: isResumed, allowDrift },
    correlation: run.runId,
    again: resumeCommand(host, run.runDirectory),
    useSimd: run.request.config.cpu_optimization.use_simd,
  });

function startOf(host: Host, options: TrainOptions): NewRun {
  if (options.allowDrift === true)
    throw new AppError('USAGE', { problem: '--allow-drift without --resume', hint: 'Only a resumed run can drift; leave it out.' });
  const run = newTrainingRun(host, options);
  if (existsSync(join(run.runDirectory, runFiles.record))) throw new AppError('RUN_FOLDER_TAKEN', { path: run.runDirectory });
  return run;
}

function resumeOf(host: Host, options: TrainOptions & { readonly resume: string }): NewRun {
  refuseChanges(options);
  const { directory, record } = host.runs.find(resumedFolder(host, options));
  return resumedRun(host, { directory, record, options: { ...options } });
}

/** A run as its record tells it; only what does not change the result may be set anew. */
export function resumedRun(
  host: Host,
  { directory, record, options }: { directory: string; record: RunRecord; options: Readonly<Record<string, unknown>> },
): NewRun {
  const { config, explicit } = record;
  const machine = configFromFlags(options).cpu_optimization;
  const wanted = machine?.num_workers ?? config.cpu_optimization.num_workers;
  const cores = availableParallelism();
  const notes = wanted > cores ? [`num_workers is cut from ${wanted} to ${cores}, the cores of this machine.`] : [];
  const given = Object.fromEntries(machineKeys.flatMap((key) => (machine?.[key] === undefined ? [] : [[key, machine[key]]])));
  const cpu = { ...config.cpu_optimization, ...given, num_workers: Math.min(wanted, cores) };
  const request: TrainingRequest = { config: { ...config, cpu_optimization: cpu }, explicit, notes };
  useLogging(host, request.config);
  return { request, runId: record.run, runDirectory: directory };
}

/** `auto` is the last unfinished run: of --out where that is given, else of LATHE_HOME. */
function resumedFolder(host: Host, { resume, out }: { resume: string; out?: string }): string {
  if (resume !== 'auto') return host.runs.directoryOf(resume);
  const folder = out === undefined ? undefined : resolve(out);
  const run = host.runs.lastUnfinished(folder);
  if (run === undefined) throw new AppError('RUN_NOT_FOUND', { path: folder ?? host.paths.runs });
  return run.directory;
}

const machineFlags = machineKeys.map((key) => key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
const allowedOnResume: ReadonlySet<string> = new Set(['resume', 'out', 'allowDrift', 'json', 'detach', ...machineFlags]);

function refuseChanges(options: TrainOptions): void {
  const changed = Object.keys(options).find((name) => !allowedOnResume.has(name));
  if (changed === undefined) return;
  const flag = `--${changed.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new AppError('USAGE', { problem: `${flag} cannot be set on a resumed run`, hint: 'A run keeps its settings; start a new one for others.' });
}

function resultLines(result: TrainResult, { model, training }: TrainingRequest['config']): readonly string[] {
  const loss = [`loss ${result.final_loss.toFixed(4)}`, ...(result.eval_loss === null ? [] : [`on the holdout ${result.eval_loss.toFixed(4)}`])].join(', ');
  return [
    `Done: ${formatCount(result.steps)} steps and ${formatCount(result.tokens)} tokens in ${formatSeconds(result.seconds)}, ${loss}, at most ${formatBytes(result.peak_rss_bytes)} of memory.`,
    ...(training.mode === 'full'
      ? [`Model: ${result.adapter}`, `Try it: lathe generate --model ${result.adapter} --prompt "…"`]
      : [`Adapter: ${result.adapter}`, `Try it: lathe generate --model ${model} --adapter ${result.adapter} --prompt "…"`]),
  ];
}
