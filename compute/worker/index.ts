/** The compute process: takes one job, tells how it goes, answers once, ends. What each side promises: shared/contracts/compute-messages.ts. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSettings } from '../../shared/contracts/compute-jobs.ts';
import { aliveEveryMs, computeEnvironment, protocolVersion, ToCompute, type FromCompute } from '../../shared/contracts/compute-messages.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { JobContext } from '../inference/job-context.ts';
import { parentChannel } from '../process/parent-channel.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { nativeFailure } from '../tensor/native-failure.ts';
import { EventSender } from './event-sender.ts';
import { Manners } from './manners.ts';
import { applyPriority } from './priority.ts';
import { runJob } from './run-job.ts';

const stop = new AbortController();
const manners = new Manners(stop.signal);
const say = (message: FromCompute): void => {
  void parentChannel.send(message);
};

/** Milliseconds since this process began, beside how long the part took: together the log's lines tell how a start went. */
function trace(part: string, ms: number): void {
  const fields = { ms: Math.round(ms), since_start_ms: Math.round(performance.now()) };
  say({ type: 'log', line: { level: 'debug', name: 'timing', message: part, fields } });
}

async function work(message: Extract<ToCompute, { type: 'start' }>): Promise<void> {
  const events = new EventSender((batch) => say({ type: 'events', events: batch }));
  const cacheDirectory = process.env[computeEnvironment.cache] ?? join(tmpdir(), 'lathe-cache');
  try {
    if (message.protocol !== protocolVersion)
      throw new AppError('PROTOCOL_MISMATCH', { problem: `protocol ${message.protocol}, not ${protocolVersion}`, log: 'with the command line' });
    loadAddon().endWithParent(process.ppid);
    trace('compute process ready', performance.now());
    const cpu = cpuSettings(message.job);
    manners.begin(cpu);
    const emit = (event: JobEvent): void => events.emit(event);
    const problem = cpu === null ? null : applyPriority(cpu.priority);
    if (problem !== null) emit({ event: 'note', message: problem });
    const whilePaused: JobContext['whilePaused'] = (tell) => manners.whilePaused(tell);
    const result = await runJob(message.job, { emit, signal: stop.signal, cacheDirectory, trace, whilePaused });
    events.flush();
    say({ type: 'done', result });
  } catch (error) {
    events.flush();
    say({ type: 'failed', error: toWireError(toAppError(nativeFailure(error))) });
  }
  parentChannel.close();
}

parentChannel.listen((raw) => {
  const message = ToCompute.parse(raw);
  if (message.type === 'start') return void work(message);
  if (message.type === 'surroundings') return manners.adapt(message.surroundings);
  say({ type: 'stopping' });
  stop.abort();
});
process.on('SIGTERM', () => stop.abort());
process.on('SIGINT', () => undefined); // a terminal sends it to everybody; main decides
process.on('SIGHUP', () => undefined);
// The parent is gone: whoever takes over must not meet a late writer. Kernels do not let this in; endWithParent looks while they run.
parentChannel.onGone(() => process.exit(0));
say({ type: 'ready', protocol: protocolVersion });
setInterval(() => parentChannel.isOpen && say({ type: 'alive' }), aliveEveryMs).unref();
