/** `lathe run list|show|watch|stop|resume`: runs as their folders in LATHE_HOME tell them. */
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { machineKeys } from '../../../shared/domain/cpu-optimization.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import type { RunSummary } from '../../services/run-folders.ts';
import { followRun } from '../../services/follow-run.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { runLogLines } from '../output/event-text.ts';
import { table } from '../output/table.ts';
import { addConfigFlags, engineOnlyRows } from '../options/training-options.ts';
import { resumedRun, trainRun } from './train.ts';

/** How long `stop` waits for the run to reach its next safe place. */
const stopWaitMs = 120_000;

export function runCommand(host: HostSource): Command {
  const command = new Command('run').description('list, show, watch, stop and resume runs');
  const add = (name: string, text: string): Command => {
    const sub = new Command(name).description(text);
    command.addCommand(sub);
    return sub;
  };
  add('list', 'the runs in LATHE_HOME, newest first; one that was given --out is shown by its folder').action(() => list(host()));
  add('show', 'what ran, every setting resolved, and how far it came')
    .argument('<run>', 'id or folder')
    .action((run: string) => show(host(), run));
  add('watch', 'what a run reports, until it ends')
    .argument('<run>', 'id or folder')
    .action((run: string) => watch(host(), run));
  add('stop', 'stop a run at its next step; its checkpoint is kept')
    .argument('<run>', 'id or folder')
    .action((run: string) => stop(host(), run));
  const machineRows = engineOnlyRows.filter(({ key }) => machineKeys.some((each) => each === key));
  addConfigFlags(add('resume', 'go on with a run'), machineRows, { columns: false })
    .argument('<run>', 'id or folder')
    .option('--allow-drift', 'although this machine cannot repeat the run bit for bit')
    .action((run: string, options: { allowDrift?: boolean }) => resume(host(), run, options));
  return command;
}

/** A run as --json shows it. */
const publicForm = ({ run, directory, state, record, step, loss, evalLoss, pid }: RunSummary): Readonly<Record<string, unknown>> => ({
  run,
  dir: directory,
  state,
  started: record.started,
  step,
  steps: record.choices.total_steps,
  loss,
  eval_loss: evalLoss,
  model: record.config.model,
  data: record.config.data.path,
  pid,
});

const number = (value: number | null): string => (value === null ? '-' : formatNumber(value));

function list(host: Host): void {
  const runs = host.runs.list();
  const rows = runs.map((run) => [
    run.run,
    run.state,
    `${run.step}/${run.record.choices.total_steps}`,
    number(run.loss),
    number(run.evalLoss),
    run.record.config.model,
  ]);
  const lines = runs.length === 0 ? [`No runs in ${host.paths.runs}.`] : table([['run', 'state', 'step', 'loss', 'holdout', 'model'], ...rows]);
  host.reporter.done({ runs: runs.map(publicForm) }, lines);
}

function show(host: Host, reference: string): void {
  const run = host.runs.find(reference);
  const rest = run.state === 'done' || run.state === 'running' ? [] : [`Go on with: lathe run resume ${reference}`];
  host.reporter.done({ ...publicForm(run), record: run.record }, [
    ...table([
      ['run', run.run],
      ['folder', run.directory],
      ['state', run.pid === null ? run.state : `${run.state} (process ${run.pid})`],
      ['step', `${run.step} of ${run.record.choices.total_steps}`],
      ['loss', number(run.loss)],
      ['holdout loss', number(run.evalLoss)],
    ]),
    ...rest,
    '',
    ...stringify(run.record).trimEnd().split('\n'),
  ]);
}

async function watch(host: Host, reference: string): Promise<void> {
  const { directory } = host.runs.find(reference);
  const stop = new AbortController();
  const stopListening = onInterrupt(() => stop.abort());
  const isWorkedOn = (): boolean => host.runs.find(directory).state === 'running';
  try {
    for await (const line of followRun(directory, { signal: stop.signal, isWorkedOn })) {
      if (host.terminal.json) host.terminal.out(JSON.stringify(line));
      else runLogLines(line).forEach((text) => host.terminal.out(text));
    }
  } finally {
    stopListening();
  }
}

async function stop(host: Host, reference: string): Promise<void> {
  const run = host.runs.find(reference);
  if (run.pid === null) throw new AppError('RUN_NOT_RUNNING', { run: reference, state: run.state });
  process.kill(run.pid, 'SIGTERM');
  host.reporter.say(`Asked process ${run.pid} to stop at its next step …`);
  const deadline = performance.now() + stopWaitMs;
  let now = run;
  while (now.pid === run.pid) {
    if (performance.now() > deadline) throw new AppError('RUN_BUSY', { path: run.directory, owner: run.pid });
    await pause(100);
    now = host.runs.find(run.directory);
  }
  host.reporter.done(publicForm(now), [`Run ${now.run} is ${now.state} at step ${now.step}. Go on with: lathe run resume ${reference}`]);
}

async function resume(host: Host, reference: string, options: { readonly allowDrift?: boolean }): Promise<void> {
  const { directory, record } = host.runs.find(reference);
  const run = resumedRun(host, { directory, record, options: { ...options } });
  await trainRun(host, { run, isResumed: true, allowDrift: options.allowDrift === true });
}
