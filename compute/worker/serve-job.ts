/** The life of a compute process: say ready, take one job, work, answer once, end. The promises are those of shared/contracts/compute-messages.ts. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { jobResults, type Job, type JobKind, type JobOf, type ResultOf } from '../../shared/contracts/compute-jobs.ts';
import { computeEnvironment, FromCompute, protocolVersion, ToCompute, type LogLine } from '../../shared/contracts/compute-messages.ts';
import type { JobContext } from '../train/job-context.ts';
import { EventSender } from './event-sender.ts';
import { send } from './send.ts';

/** What a handler gets: the trainer's context and a log. The signal is heard only when the job yields to the event loop. */
export interface WorkerContext extends JobContext {
  /** A fixed sentence and what varies; never the content of a row. */
  log(level: LogLine['level'], message: string, fields?: LogLine['fields']): void;
}

/** What does each kind of job. A kind that has no handler is refused. */
export type JobHandlers = { readonly [K in JobKind]?: (job: JobOf<K>, context: WorkerContext) => Promise<ResultOf<K>> };

/** Call once, from the process entry. */
export function serveJob(handlers: JobHandlers): void {
  const abort = new AbortController();
  const post = (message: FromCompute): void => void send(FromCompute.parse(message));
  const events = new EventSender(post);
  const context: WorkerContext = {
    emit: (event) => events.emit(event),
    log: (level, message, fields = {}) => post({ type: 'log', line: { level, name: 'compute', message, fields } }),
    signal: abort.signal,
    cacheDirectory: process.env[computeEnvironment.cache] ?? join(tmpdir(), 'lathe-cache'),
  };
  const end = async (last: FromCompute): Promise<void> => {
    events.flush();
    await send(FromCompute.parse(last));
    process.off('disconnect', endAtOnce);
    process.exit(0);
  };
  const fail = (error: unknown): Promise<void> => end({ type: 'failed', error: toWireError(toAppError(error)) });

  let isStarted = false;
  process.on('message', (raw) => {
    const message = ToCompute.safeParse(raw);
    if (!message.success) return void fail(misunderstood(message.error.issues[0]?.message ?? 'a message is not in the contract'));
    if (message.data.type === 'cancel') return abort.abort();
    if (message.data.protocol !== protocolVersion) return void fail(misunderstood(`the other side speaks version ${message.data.protocol}`));
    if (isStarted) return;
    isStarted = true;
    run(message.data.job, handlers, context).then((result) => end({ type: 'done', result }), fail);
  });
  process.on('disconnect', endAtOnce);
  process.on('SIGTERM', () => abort.abort());
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('uncaughtException', (error) => void fail(error));
  post({ type: 'ready', protocol: protocolVersion });
}

const misunderstood = (problem: string): AppError => new AppError('PROTOCOL_MISMATCH', { problem, log: 'with the caller' });

/** Nobody listens any more: nothing may be written after this, so no exit handler either. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function run(job: Job, handlers: JobHandlers, context: WorkerContext): Promise<unknown> {
  // The table's key is the job's kind; the compiler cannot follow that through a union.
  const handler = handlers[job.kind] as ((job: Job, context: WorkerContext) => Promise<unknown>) | undefined;
  if (handler === undefined) throw new AppError('CONFIG_NOT_YET', { where: 'lathe', key: job.kind });
  return jobResults[job.kind].parse(await handler(job, context));
}
