/** A compute process for tests of the supervisor and the scheduler: keeps or breaks the contract as the prompt of its generate job, or the model of its train job, says. */
import { existsSync, writeFileSync } from 'node:fs';
import { protocolVersion, type FromCompute, type ToCompute } from '../../shared/contracts/compute-messages.ts';
import type { Job } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { planOf, stepEntry } from './run-folder.ts';

const send = (message: FromCompute | Record<string, unknown>): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));
const result = { text: 'hello', prompt_tokens: 1, tokens: 2, seconds: 0.1, tokens_per_second: 20, stop: 'end' };
const step = { ...stepEntry(7), loss: 1 };

const end = async (message: FromCompute | Record<string, unknown>): Promise<void> => {
  await send(message);
  process.exit(0);
};
const cancelled = { type: 'failed', error: { code: 'CANCELLED', facts: { where: 'at step 7', resume: 'lathe train --resume x' } } } as const;

const acts: Readonly<Record<string, (rest: string) => Promise<void>>> = {
  done: async () => {
    await send({
      type: 'events',
      events: [
        { event: 'text', text: 'hel' },
        { event: 'text', text: 'lo' },
      ],
    });
    await send({ type: 'log', line: { level: 'info', name: 'test', message: 'a line of the child', fields: { isa: process.env['LATHE_ISA'] ?? '' } } });
    await end({ type: 'done', result });
  },
  fail: () => end({ type: 'failed', error: { code: 'FILE_MISSING', facts: { what: 'Model', path: '/none' } } }),
  bug: () => end({ type: 'failed', error: { code: 'INTERNAL', facts: { message: 'oops', log: 'the terminal' }, stack: 'Error: oops\n    at there' } }),
  die: async (signal) => {
    await send({ type: 'events', events: [step] });
    process.kill(process.pid, signal);
  },
  exit: (code) => process.exit(Number(code)),
  garbage: () => send({ type: 'nonsense' }),
  wrong: () => send({ type: 'done', result: { text: 3 } }),
  obey: async () => {
    await send({ type: 'events', events: [step] });
    process.on('message', (message: ToCompute) => message.type === 'cancel' && void end(cancelled));
  },
  /** Repeats each word about its surroundings. */
  echo: () => {
    process.on('message', (message: ToCompute) => {
      if (message.type === 'surroundings') void send({ type: 'events', events: [{ event: 'note', message: JSON.stringify(message.surroundings) }] });
      if (message.type === 'cancel') void end(cancelled);
    });
    return Promise.resolve();
  },
  deaf: () => send({ type: 'events', events: [step] }),
  /** As in a kernel: nothing is heard or said, and the processor is used. */
  busy: async () => {
    await send({ type: 'events', events: [step] });
    for (const end = Date.now() + 20_000; Date.now() < end;);
  },
  chatter: async (lines) => {
    for (let line = 0; line < Number(lines); line += 1) await send({ type: 'log', line: { level: 'info', name: 'test', message: `line ${line}`, fields: {} } });
    process.exit(1);
  },
  /** Writes its pid, and ends only with its parent. */
  outlive: (path) => {
    writeFileSync(path, String(process.pid));
    return Promise.resolve();
  },
};

type TrainJobOf = Extract<Job, { kind: 'train' }>;
const event = (each: JobEvent): Promise<void> => send({ type: 'events', events: [each] });

/** Trains nothing: reports a step, then does what the model's name says. */
const trainings: Readonly<Record<string, (job: TrainJobOf, rest: string) => Promise<void>>> = {
  /** To the end. */
  done: async ({ runId, runDirectory }) => {
    await event(step);
    const { steps, loss, tokens } = step;
    await end({
      type: 'done',
      result: { run: runId, adapter: `${runDirectory}/adapter`, steps, final_loss: loss, eval_loss: null, seconds: 1, tokens, peak_rss_bytes: 1 },
    });
  },
  /** Until it is told to stop; repeats each word about its surroundings. */
  obey: async () => {
    process.on('message', (message: ToCompute) => {
      if (message.type === 'surroundings') void event({ event: 'note', message: JSON.stringify(message.surroundings) });
      if (message.type === 'cancel') void end(cancelled);
    });
    await event(step);
  },
  die: async (_, signal) => {
    await event(step);
    await send({ type: 'log', line: { level: 'info', name: 'test', message: 'the last words', fields: { token: 'hf_abcdefghijkl' } } });
    process.kill(process.pid, signal);
  },
  fail: () => end({ type: 'failed', error: { code: 'FILE_MISSING', facts: { what: 'Model', path: '/none' } } }),
  /** Dies in the first attempt, and ends well in the next. */
  stumble: async (job) => (job.fence > 1 ? trainings['done']?.(job, '') : trainings['die']?.(job, 'SIGKILL')),
};

type BenchmarkJobOf = Extract<Job, { kind: 'benchmark' }>;
const scored = (job: BenchmarkJobOf) => ({
  ...{ task: job.task.name, task_version: 1, task_sha256: 't', data_sha256: 'd', model_sha256: `of ${job.model}`, adapter_sha256: null },
  ...{ num_fewshot: job.numFewshot, chat_template: job.chatTemplate, limit: job.limit, precision: 'fp32', metrics: [{ name: 'acc', value: 0.5, stderr: 0.1 }] },
  ...{ items: job.engine.cpu.num_workers, cut_items: 0, resumed_items: 0, seconds: 2, items_per_second: 4, records: job.recordsPath },
});
const progress = (done: number): Promise<void> => event({ event: 'progress', what: 'items', done, total: 8, eta_seconds: 3 });

/** Scores nothing: reports progress, then does what the model's name says. Its result has as many items as it was given threads. */
const benchmarks: Readonly<Record<string, (job: BenchmarkJobOf, rest: string) => Promise<void>>> = {
  done: async (job) => {
    for (let done = 1; done <= 8; done += 1) await progress(done);
    await end({ type: 'done', result: scored(job) });
  },
  obey: async () => {
    process.on('message', (message: ToCompute) => message.type === 'cancel' && void end(cancelled));
    await progress(1);
  },
  die: async () => {
    await progress(1);
    process.kill(process.pid, 'SIGKILL');
  },
  fail: () => end({ type: 'failed', error: { code: 'FILE_MISSING', facts: { what: 'Model', path: '/none' } } }),
  /** Dies in the first attempt, and ends well in the next. */
  stumble: async (job) => {
    if (existsSync(job.recordsPath)) return benchmarks['done']?.(job, '');
    writeFileSync(job.recordsPath, '');
    return benchmarks['die']?.(job, '');
  },
};

const perform = (job: Job): Promise<void> => {
  if (job.kind === 'train') {
    const [act = '', rest = ''] = job.request.config.model.split(' ');
    return trainings[act]?.(job, rest) ?? Promise.resolve();
  }
  if (job.kind === 'benchmark') {
    const [act = '', rest = ''] = job.model.split(' ');
    return benchmarks[act]?.(job, rest) ?? Promise.resolve();
  }
  // The data's name says how much memory is planned.
  if (job.kind === 'plan') return end({ type: 'done', result: planOf(Number(job.request.config.data.path.split(' ')[1] ?? 1)) });
  const [act = '', rest = ''] = (job.kind === 'generate' ? job.prompt : '').split(' ');
  return acts[act]?.(rest) ?? Promise.resolve();
};

process.on('message', (message: ToCompute) => {
  if (message.type === 'start') void perform(message.job);
});
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
setInterval(() => undefined, 1_000);
await send({ type: 'ready', protocol: Number(process.env['LATHE_TEST_PROTOCOL'] ?? protocolVersion) });
