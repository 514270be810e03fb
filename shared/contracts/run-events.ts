/**
 * What a job says while it works: the lines of `--json` and of events.jsonl. Field names are the public ones of the command line.
 * Plain data, each well under 64 KB.
 */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { PauseReason } from '../domain/surroundings.ts';
import { LoraConfig } from '../domain/lora-config.ts';
import { OptimizerGroup } from '../domain/optimizer-group.ts';
import { RunChoices } from '../domain/run-record.ts';

const bytes = z.int().min(0);
const count = z.int().min(0);

/** Memory, disk and time of a run, before it starts. */
export const Plan = z.object({
  /** Whether it runs as `choices` say; if not, `would_fit` says what would. */
  fits: z.boolean(),
  memory: z.object({
    /** By part, in the order in which they are worth reading: frozen weights, adapter, optimizer, activations, … */
    parts: z.array(z.object({ part: z.string(), bytes })),
    total_bytes: bytes,
    /** What the run may take: what is free, or memory_pool_size. */
    limit_bytes: bytes,
  }),
  disk: z.object({ needed_bytes: bytes, free_bytes: bytes }),
  time: z.object({ seconds: z.number().min(0), seconds_per_step: z.number().min(0), tokens_per_second: z.number().min(0) }),
  steps: count,
  rows: count,
  holdout_rows: count,
  /** Of one epoch, and those of them that are graded. */
  tokens: count,
  graded_tokens: count,
  parameters: count,
  trained_parameters: count,
  /** The adapter's settings: those of `init_adapter` where the run goes on from one. */
  lora: LoraConfig,
  /** What learns at which rate. */
  optimizer: z.array(OptimizerGroup),
  choices: RunChoices,
  would_fit: z.string().nullable(),
});
export type Plan = z.infer<typeof Plan>;

export const TrainResult = z.object({
  run: z.string(),
  /** Of the adapter folder (in full training: the model folder); a path that --adapter takes. */
  adapter: z.string(),
  steps: count,
  final_loss: z.number(),
  /** Of the weights in `adapter`; null without a holdout. */
  eval_loss: z.number().nullable(),
  /** Of all parts of a run that was resumed. */
  seconds: z.number().min(0),
  tokens: count,
  peak_rss_bytes: bytes,
});
export type TrainResult = z.infer<typeof TrainResult>;

export const StartEvent = z.object({ event: z.literal('start'), run: z.string(), dir: z.string() });
export const PlanEvent = Plan.extend({ event: z.literal('plan'), run: z.string() });
export const StepEvent = z.object({
  event: z.literal('step'),
  step: z.int().min(1),
  steps: z.int().min(1),
  loss: z.number(),
  /** Of A; B's is `loraplus_lr_ratio` times it. */
  learning_rate: z.number(),
  /** Of B, where it is another. */
  learning_rate_b: z.number().optional(),
  grad_norm: z.number(),
  /** Of this step, padding not counted. */
  tokens: count,
  tokens_per_second: z.number(),
  rss_bytes: bytes,
  eta_seconds: z.number(),
});
/** How long it took, pauses not counted; logs of earlier versions have none. */
const seconds = z.number().min(0).optional();
export const EvalEvent = z.object({ event: z.literal('eval'), step: count, eval_loss: z.number(), best: z.boolean(), seconds });
export const CheckpointEvent = z.object({ event: z.literal('checkpoint'), step: count, path: z.string(), seconds });
export const SampleEvent = z.object({ event: z.literal('sample'), step: count, prompt: z.string(), text: z.string() });
/** Something was adapted, left out or is worth knowing: one sentence for the user. */
export const NoteEvent = z.object({ event: z.literal('note'), message: z.string() });
/** The job waits until its surroundings allow it to go on. */
export const PauseEvent = z.object({ event: z.literal('pause'), reason: PauseReason });
/** It goes on, after so long; the wait is in no other figure. */
export const ContinueEvent = z.object({ event: z.literal('continue'), seconds: z.number().min(0) });
/** How far work without steps is: rows scored, bytes written. */
export const ProgressEvent = z.object({
  event: z.literal('progress'),
  what: z.string(),
  done: z.number().min(0),
  total: z.number().min(0),
  eta_seconds: z.number().min(0).optional(),
});
/** What a model sees of a conversation, before it answers. */
export const PromptEvent = z.object({ event: z.literal('prompt'), text: z.string(), tokens: count });
/** A piece of generated text, as it comes. */
export const TextEvent = z.object({ event: z.literal('text'), text: z.string() });
/** The end of a run that was told to stop; its checkpoint is on disk. */
export const CancelledEvent = z.object({ event: z.literal('cancelled'), step: count, path: z.string().nullable() });
export const DoneEvent = TrainResult.extend({ event: z.literal('done') });
export const ErrorEvent = z.object({
  event: z.literal('error'),
  code: WireError.shape.code,
  message: z.string(),
  remedy: z.string(),
  /** What both were rendered from; logs of earlier versions have neither this nor the attempt. */
  facts: WireError.shape.facts.optional(),
  /** Which of the run's attempts it ended: clocks jump, so that a time would not tell. */
  attempt: count.optional(),
});
export type ErrorEvent = z.infer<typeof ErrorEvent>;

/** What a compute process sends while a job runs. Its end is a message of its own (compute-messages.ts). */
export const JobEvent = z.discriminatedUnion('event', [
  StartEvent,
  PlanEvent,
  StepEvent,
  EvalEvent,
  CheckpointEvent,
  SampleEvent,
  NoteEvent,
  PauseEvent,
  ContinueEvent,
  ProgressEvent,
  PromptEvent,
  TextEvent,
]);
export type JobEvent = z.infer<typeof JobEvent>;

/** What events.jsonl tells: a JobEvent or how the run ended. */
export const RunLogEntry = z.discriminatedUnion('event', [...JobEvent.options, CancelledEvent, DoneEvent, ErrorEvent]);
export type RunLogEntry = z.infer<typeof RunLogEntry>;

/** A line of events.jsonl: `at` is when it was written, a name that no event uses (`time` is a field of the plan). A resumed run appends. */
export const RunLogLine = z.intersection(z.object({ at: z.iso.datetime() }), RunLogEntry);
export type RunLogLine = z.infer<typeof RunLogLine>;
