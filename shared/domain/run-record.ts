/** What lies in a run folder: names of its files, and the shapes of run.yaml and of the lock. The trainer writes them, everybody may read them. */
import { z } from 'zod';
import { Isa } from './isa.ts';
import { OptimizerGroup } from './optimizer-group.ts';
import { TrainingRequest } from './training-config.ts';

export const runFiles = {
  record: 'run.yaml',
  /** One RunEvent a line, each with the `time` it was written (ISO 8601). */
  events: 'events.jsonl',
  checkpoints: 'checkpoints',
  adapter: 'adapter',
  card: 'card.md',
  lock: 'run.lock',
  /** Number of the newest attempt: an earlier one that still lives must write nothing more. */
  fence: 'fence',
  /** What its process logged last, where it failed. */
  lastLines: 'last-lines.log',
  /** What version shall be made of it when it is done; there until it is made. */
  plannedVersion: 'planned-version.yaml',
} as const;

/** All that was chosen for a run on its first machine; obeyed on resume, since each of them may change a bit of the result. */
export const RunChoices = z.strictObject({
  isa: Isa,
  /** The kernel row of every op. */
  kernels: z.record(z.string(), z.string()),
  precision: z.enum(['fp32', 'bf16', 'int8']),
  /** Weights re-laid into cache-sized panels, or read as they are stored. */
  panels: z.enum(['packed', 'stored']),
  /** Rows packed end to end, or one padded row a sample. */
  packing: z.boolean(),
  /** Tokens computed at once, at most: an optimizer step's rows are cut into micro-batches of whole rows by it. */
  micro_tokens: z.int().min(1),
  recompute_activations: z.boolean(),
  warmup_steps: z.int().min(0),
  total_steps: z.int().min(1),
});
export type RunChoices = z.infer<typeof RunChoices>;

/** A file or folder a run was made from. */
const Source = z.looseObject({ path: z.string(), sha256: z.string() });

/** An adapter that a run went on from; `run` where it is some run's. */
const Ancestor = Source.extend({ run: z.string().nullable() });

/** run.yaml: what really ran. */
export const RunRecord = z.looseObject({
  ...TrainingRequest.shape,
  run: z.string().min(1),
  /** Version of Lathe that started it. */
  version: z.string(),
  started: z.iso.datetime(),
  choices: RunChoices,
  base_model: Source,
  dataset: Source,
  /** The adapters it goes on from, nearest first; empty for a fresh one. */
  lineage: z.array(Ancestor).default([]),
  /** What learns at which rate. */
  optimizer: z.array(OptimizerGroup).default([]),
  /** One entry a resume; `drift` names what differed where --allow-drift let it pass. */
  resumed: z.array(z.looseObject({ time: z.iso.datetime(), step: z.int().min(0), drift: z.string().nullable() })),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** The owner of a run folder, as the lock file names it. */
export const RunLock = z.looseObject({
  pid: z.int().min(1),
  /** When that process started, so that a recycled pid is not mistaken for it. */
  started: z.iso.datetime(),
  /** The same as the system counts it, where it does (Linux: ticks since boot). */
  ticks: z.string().nullish(),
});
export type RunLock = z.infer<typeof RunLock>;
