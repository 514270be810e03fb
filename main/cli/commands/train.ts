/** `lathe train`: trains an adapter, or goes on with a run that was stopped. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Run, RunDetails } from '../../../shared/contracts/run-calls.ts';
import type { TrainResult } from '../../../shared/contracts/run-events.ts';
import { machineKeys } from '../../../shared/domain/cpu-optimization.ts';
import type { TrainingRequest } from '../../../shared/domain/training-config.ts';
import { formatBytes, formatCount, formatSeconds } from '../../../shared/text/format.ts';
import { ModelName, versionText } from '../../../shared/domain/version.ts';
import type { Door } from '../../core/door.ts';
import { isRunFolder } from '../../services/run-folders.ts';
import { followTraining } from '../follow-run.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { configFromFlags } from '../options/training-options.ts';
import { addTrainingFlags, askedTraining, resumeCommand, useLogging, type TrainingOptions } from '../training-request.ts';

interface TrainOptions extends TrainingOptions {
  readonly resume?: string;
  readonly allowDrift?: boolean;
  readonly detach?: boolean;
  readonly register?: string;
}

export const trainCommand = (host: HostSource): Command =>
  addTrainingFlags(new Command('train').description('train a LoRA adapter, or every weight of a small model'))
    .option('--resume <run>', 'go on with a run: its id, its folder, or auto for the last unfinished one')
    .option('--allow-drift', 'resume although this machine cannot repeat the run bit for bit')
    .option('--register <name>', 'make a version of this name when it is done', (text) => parseFlag('--register', text, ModelName))
    .option('--detach', 'leave the run to a host in the background: it goes on when this terminal closes')
    .action((options: TrainOptions) => train(host(), options));

async function train(host: Host, options: TrainOptions): Promise<void> {
  const begin = options.resume === undefined ? startOf(host, options) : resumeOf(host, { ...options, resume: options.resume });
  if (options.detach === true) return detach(host, begin);
  await trainToEnd(host, begin);
}

/** Trains or goes on, and says how it ended. */
export async function trainToEnd(host: Host, begin: Begin): Promise<void> {
  const door = await host.openDoor('training');
  try {
    const { run, result } = await trainThrough(host, door, begin);
    const { versions } = await door.call('registry.ofRun', { run: run.run });
    const registered = versions.map((version) => `Registered as ${versionText(version)}: lathe registry show ${versionText(version)}`);
    const [version] = versions;
    const facts = version === undefined ? {} : { version: versionText(version) };
    host.reporter.done({ ...result, ...facts }, [...resultLines(result, run.request.config), ...registered]);
  } finally {
    await door.close();
  }
}

export type Begin = (door: Door) => Promise<Run>;

export async function trainThrough(host: Host, door: Door, begin: Begin): Promise<{ readonly run: RunDetails; readonly result: TrainResult }> {
  const result = await followTraining(host, door, { begin, again: (run) => resumeCommand(host, run) });
  return { run: await door.call('runs.get', { run: result.run }), result };
}

function startOf(host: Host, options: TrainOptions): Begin {
  if (options.allowDrift === true)
    throw new AppError('USAGE', { problem: '--allow-drift without --resume', hint: 'Only a resumed run can drift; leave it out.' });
  const config = askedTraining(host, options);
  useLogging(host, config);
  const register = options.register === undefined ? null : { name: options.register };
  return (door) => door.call('runs.start', { config, register, dir: options.out === undefined ? null : resolve(options.out) });
}

function resumeOf(host: Host, options: TrainOptions & { readonly resume: string }): Begin {
  refuseChanges(options);
  return async (door) => resumeRun(door, { run: await resumedRun(host, door, options), options: { ...options } });
}

/** Lets a run go on; only what does not change the result may be set anew. */
export function resumeRun(door: Door, { run, options }: { readonly run: string; readonly options: Readonly<Record<string, unknown>> }): Promise<Run> {
  const cpu = configFromFlags(options).cpu_optimization;
  return door.call('runs.resume', { run, allow_drift: options['allowDrift'] === true, ...(cpu === undefined ? {} : { cpu_optimization: cpu }) });
}

/** `auto` is the last unfinished run: of --out where that is given, else of LATHE_HOME. */
async function resumedRun(host: Host, door: Door, { resume, out }: { resume: string; out?: string }): Promise<string> {
  if (resume !== 'auto') return (await findRun(door, resume)).run;
  const folder = out === undefined ? null : resolve(out);
  if (folder !== null && isRunFolder(folder)) return (await door.call('runs.adopt', { dir: folder })).run;
  const { runs } = await door.call('runs.list', { state: ['interrupted', 'cancelled', 'failed'], limit: 1_000 });
  const last = runs.find(({ dir }) => folder === null || dir === folder);
  if (last === undefined) throw new AppError('RUN_NOT_FOUND', { path: folder ?? host.paths.runs });
  return last.run;
}

/** By its folder, wherever that is, or by its id. Throws RUN_UNKNOWN. */
export async function findRun(door: Door, reference: string): Promise<Run> {
  const folder = resolve(reference);
  if (isRunFolder(folder)) return door.call('runs.adopt', { dir: folder });
  return door.call('runs.get', { run: reference });
}

/** Leaves the run to the host that owns the LATHE_HOME, or to one started for it. */
async function detach(host: Host, begin: Begin): Promise<void> {
  const door = await host.openLastingDoor();
  try {
    const run = await begin(door);
    host.reporter.done(run, [`Run ${run.run} goes on in the background.`, `Watch it: lathe run watch ${run.run}`, `Stop it: lathe run stop ${run.run}`]);
  } finally {
    await door.close();
  }
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
