/** `lathe run list|show|watch|pause|continue|stop|resume|remove`: runs of this LATHE_HOME. */
import { Command } from 'commander';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import type { RunLogLine } from '../../../shared/contracts/run-events.ts';
import { machineKeys } from '../../../shared/domain/cpu-optimization.ts';
import { runFiles } from '../../../shared/domain/run-record.ts';
import { isEnded } from '../../../shared/domain/run-state.ts';
import { embeddedModelName } from '../../../shared/domain/shelf-entry.ts';
import { shelfNameOf } from '../../../shared/domain/shelf-names.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { runLogLines } from '../output/event-text.ts';
import { table } from '../output/table.ts';
import { addConfigFlags, engineOnlyRows } from '../options/training-options.ts';
import { watchRun } from '../watch-run.ts';
import { findRun, resumeRun, trainToEnd } from './train.ts';

/** How long `stop` waits for the run to reach its next safe place. */
const stopWaitMs = 120_000;

export function runCommand(host: HostSource): Command {
  const command = new Command('run').description('list, show, watch, pause, stop, resume and remove runs');
  const add = (name: string, text: string): Command => {
    const sub = new Command(name).description(text);
    command.addCommand(sub);
    return sub;
  };
  add('list', 'the runs of LATHE_HOME, newest first').action(() => list(host()));
  add('show', 'what ran, every setting resolved, and how far it came')
    .argument('<run>', 'id or folder')
    .action((run: string) => show(host(), run));
  add('watch', 'what a run reports, until it ends')
    .argument('<run>', 'id or folder')
    .action((run: string) => watch(host(), run));
  add('stop', 'stop a run at its next step; its checkpoint is kept')
    .argument('<run>', 'id or folder')
    .action((run: string) => stop(host(), run));
  add('pause', 'hold a run; its memory stays taken')
    .argument('<run>', 'id or folder')
    .action((run: string) => change(host(), run, 'runs.pause'));
  add('continue', 'let a paused run go on')
    .argument('<run>', 'id or folder')
    .action((run: string) => change(host(), run, 'runs.continue'));
  add('remove', 'forget a run, and delete its folder where it lies in LATHE_HOME')
    .argument('<run>', 'id or folder')
    .action((run: string) => remove(host(), run));
  const machineRows = engineOnlyRows.filter(({ key }) => machineKeys.some((each) => each === key));
  addConfigFlags(add('resume', 'go on with a run'), machineRows, { columns: false })
    .argument('<run>', 'id or folder')
    .option('--allow-drift', 'although this machine cannot repeat the run bit for bit')
    .action((run: string, options: { allowDrift?: boolean }) => resume(host(), run, options));
  return command;
}

const number = (value: number | null): string => (value === null ? '-' : formatNumber(value));
const steps = ({ step, steps: all }: Run): string => `${step}/${all ?? '?'}`;

async function list(host: Host): Promise<void> {
  const [{ runs, next }, { items }] = await askCore(host, (door) => Promise.all([door.call('runs.list', { limit: 1_000 }), door.call('models.list', {})]));
  const shelf = [{ name: embeddedModelName, path: projectFiles.embeddedModel }, ...items];
  const rows = runs.map((run) => [run.run, run.state, steps(run), number(run.loss), number(run.eval_loss), shelfNameOf(run.model, shelf) ?? run.model]);
  const more = next === null ? [] : ['Older runs are not shown.'];
  const lines = runs.length === 0 ? [`No runs in ${host.paths.runs}.`] : [...table([['run', 'state', 'step', 'loss', 'holdout', 'model'], ...rows]), ...more];
  host.reporter.done({ runs, next }, lines);
}

async function show(host: Host, reference: string): Promise<void> {
  const run = await askCore(host, async (door) => door.call('runs.get', { run: (await findRun(door, reference)).run }));
  const canGoOn = isEnded(run.state) && run.state !== 'done';
  const rest = canGoOn ? [`Go on with: lathe run resume ${reference}`] : [];
  host.reporter.done(run, [
    ...table([
      ['run', run.run],
      ['folder', run.dir],
      ['state', run.pid === null ? run.state : `${run.state} (process ${run.pid})`],
      ['step', `${run.step} of ${run.steps ?? '?'}`],
      ['loss', number(run.loss)],
      ['holdout loss', number(run.eval_loss)],
      ...(run.error === null ? [] : [['why', fromWireError(run.error).message]]),
    ]),
    ...rest,
    ...(run.last_lines.length === 0
      ? []
      : ['', `Last lines of its process (all in ${join(run.dir, runFiles.lastLines)}):`, ...run.last_lines.slice(-10).map((line) => `  ${line}`)]),
    '',
    ...stringify(run.record ?? run.request)
      .trimEnd()
      .split('\n'),
  ]);
}

async function watch(host: Host, reference: string): Promise<void> {
  const { terminal, reporter } = host;
  const stop = new AbortController();
  const stopListening = onInterrupt(() => stop.abort());
  const tell = (line: RunLogLine): void => {
    if (terminal.json) terminal.out(JSON.stringify(line));
    else runLogLines(line).forEach((text) => terminal.out(text));
  };
  try {
    await watchRun(host, reference, { signal: stop.signal, tell, say: (text) => reporter.say(text) });
  } finally {
    stopListening();
  }
}

async function stop(host: Host, reference: string): Promise<void> {
  const asked = await askCore(host, async (door) => {
    const { run } = await findRun(door, reference);
    return door.call('runs.stop', { run });
  });
  host.reporter.say(`Asked ${asked.pid === null ? `run ${asked.run}` : `process ${asked.pid}`} to stop at its next step …`);
  const ended = await untilEnded(host, asked);
  host.reporter.done(ended, [`Run ${ended.run} is ${ended.state} at step ${ended.step}. Go on with: lathe run resume ${reference}`]);
}

/** The host may end together with its run, so each look finds its own door. */
async function untilEnded(host: Host, { run, dir, pid }: Run): Promise<Run> {
  const deadline = performance.now() + stopWaitMs;
  while (performance.now() < deadline) {
    const now = await askCore(host, (door) => door.call('runs.get', { run })).catch((error: unknown) => {
      if (isAppError(error, 'HOST_GONE')) return null;
      throw error;
    });
    if (now !== null && isEnded(now.state)) return now;
    await pause(100);
  }
  throw new AppError('RUN_BUSY', { path: dir, owner: pid ?? 'unknown' });
}

const resume = (host: Host, reference: string, options: { readonly allowDrift?: boolean }): Promise<void> =>
  trainToEnd(host, async (door) => resumeRun(door, { run: (await findRun(door, reference)).run, options: { ...options } }));

/** One call about one run, and how it stands then. */
async function change(host: Host, reference: string, name: 'runs.pause' | 'runs.continue'): Promise<void> {
  const run = await askCore(host, async (door) => door.call(name, { run: (await findRun(door, reference)).run }));
  host.reporter.done(run, [`Run ${run.run} is ${run.state} at step ${run.step}.`]);
}

async function remove(host: Host, reference: string): Promise<void> {
  const { run } = await askCore(host, async (door) => {
    const found = await findRun(door, reference);
    await door.call('runs.remove', { run: found.run });
    return found;
  });
  host.reporter.done({ run }, [`Run ${run} is removed.`]);
}
