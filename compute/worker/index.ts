/** The compute process: takes one job, tells how it goes, answers once, ends. What each side promises: shared/contracts/compute-messages.ts. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeEnvironment, protocolVersion, ToCompute, type FromCompute } from '../../shared/contracts/compute-messages.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { nativeFailure } from '../tensor/native-failure.ts';
import { EventSender } from './event-sender.ts';
import { runJob } from './run-job.ts';

const stop = new AbortController();
const say = (message: FromCompute): void => {
  process.send?.(message);
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
    const result = await runJob(message.job, { emit: (event) => events.emit(event), signal: stop.signal, cacheDirectory, trace });
    events.flush();
    say({ type: 'done', result });
  } catch (error) {
    events.flush();
    say({ type: 'failed', error: toWireError(toAppError(nativeFailure(error))) });
  }
  process.disconnect();
}

process.on('message', (raw) => {
  const message = ToCompute.parse(raw);
  if (message.type === 'start') return void work(message);
  say({ type: 'stopping' });
  stop.abort();
});
process.on('SIGTERM', () => stop.abort());
process.on('SIGINT', () => undefined); // a terminal sends it to everybody; main decides
process.on('SIGHUP', () => undefined);
// The parent is gone: whoever takes over must not meet a late writer. Kernels do not let this in; endWithParent looks while they run.
process.on('disconnect', () => process.exit(0));
say({ type: 'ready', protocol: protocolVersion });
