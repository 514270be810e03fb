/**
 * The messages between main and a compute process, and what each side promises.
 *
 * main forks the process, waits for `ready`, sends one `start`, and may send `surroundings` after it, as often as they change, and `cancel`. The process answers with events and log lines and
 * exactly one `done` or `failed`, then ends by itself with code 0. Between messages it says `alive`; while a kernel runs it cannot, but uses the processor. It answers `cancel` with `stopping` as soon as it hears it, takes SIGTERM as `cancel`, takes no notice of SIGINT and SIGHUP (a terminal
 * sends them to everybody; main decides), and ends at once, writing nothing more, when its channel closes.
 * A cancelled job ends with `failed` and CANCELLED.
 */
import { z } from 'zod';
import { LogLevel } from '../domain/logging-config.ts';
import { Isa } from '../domain/isa.ts';
import { Surroundings } from '../domain/surroundings.ts';
import { WireError } from '../errors/wire-error.ts';
import { Job } from './compute-jobs.ts';
import { JobEvent } from './run-events.ts';

/** Raised whenever a message changes its meaning or shape. */
export const protocolVersion = 7;

/** How often a compute process says that it lives. */
export const aliveEveryMs = 5_000;

/**
 * The last word of a process that the window's shell started, which says it back when it has heard all before it: one that ended sooner would swallow its
 * last messages.
 */
export const goodbye = 'lathe:goodbye';

/** What the environment of a compute process tells it. */
export const computeEnvironment = {
  /** Highest instruction set it may use. */
  isa: 'LATHE_ISA',
  /** Id that its log lines carry: the run's, or one made up for the job. */
  correlation: 'LATHE_CORRELATION',
  /** Folder of what can be made again: token caches, the probe's answers. */
  cache: 'LATHE_CACHE',
} as const;

export const ToCompute = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), protocol: z.int(), job: Job }),
  z.object({ type: z.literal('cancel') }),
  /** All of them each time, so that a message that repeats itself changes nothing. Obeyed at the next micro-batch. */
  z.object({ type: z.literal('surroundings'), surroundings: Surroundings }),
]);
export type ToCompute = z.infer<typeof ToCompute>;

/** `message` is a fixed sentence, what varies is in `fields`. */
export const LogLine = z.object({
  level: LogLevel,
  name: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type LogLine = z.infer<typeof LogLine>;

export const FromCompute = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int() }),
  /** Gathered by the sender: at most ten messages a second. */
  z.object({ type: z.literal('events'), events: z.array(JobEvent).min(1) }),
  z.object({ type: z.literal('log'), line: LogLine }),
  /** Every few seconds, from the first on: its event loop turns. */
  z.object({ type: z.literal('alive') }),
  /** `cancel` was heard; the job goes on to its next safe place, however long that takes. */
  z.object({ type: z.literal('stopping') }),
  /** `result` is parsed by the job's own schema (`jobResults`). */
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: WireError }),
]);
export type FromCompute = z.infer<typeof FromCompute>;

/** One row of a kernel table, and whether this machine uses it. */
export const KernelChoice = z.object({ op: z.string(), name: z.string(), isa: Isa, needs: z.string(), supported: z.boolean(), chosen: z.boolean() });
export type KernelChoice = z.infer<typeof KernelChoice>;

/** What the probe process answers after it has loaded the addon and run every kernel that would be used. */
export const ProbeAnswer = z.object({
  features: z.array(z.string()),
  /** The best instruction set that ran under the cap. */
  isa: Isa,
  kernels: z.array(KernelChoice),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** The probe says what it is about to run, so that its death names the kernel. */
export const FromProbe = z.discriminatedUnion('type', [
  z.object({ type: z.literal('trying'), kernel: z.string() }),
  z.object({ type: z.literal('answer'), answer: ProbeAnswer }),
  z.object({ type: z.literal('failed'), error: WireError }),
]);
export type FromProbe = z.infer<typeof FromProbe>;
