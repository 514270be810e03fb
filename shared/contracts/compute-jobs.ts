/** What a compute process can be asked to do, one `kind` each, and what each answers. Paths are absolute; names were resolved before. */
import { z } from 'zod';
import { ChatTurn } from './chat-calls.ts';
import { CpuOptimization } from '../domain/cpu-optimization.ts';
import { BenchmarkResult } from '../domain/benchmark-record.ts';
import { BenchmarkTask } from '../domain/benchmark-task.ts';
import { ColumnMapping } from '../domain/data-config.ts';
import { InferencePrecision, TrainingSettings } from '../domain/training-settings.ts';
import { WireError } from '../errors/wire-error.ts';
import { TrainingRequest } from '../domain/training-config.ts';
import { Plan, TrainResult } from './run-events.ts';

const path = z.string().min(1);
const count = z.int().min(0);

/** How the engine is set up for work that has no training configuration. */
export const EngineSettings = z.strictObject({ cpu: CpuOptimization, precision: InferencePrecision });
export type EngineSettings = z.infer<typeof EngineSettings>;

/** How rows of a data file become tokens, where no training configuration says it. */
export const RowSettings = z.strictObject({
  columns: ColumnMapping,
  chatTemplate: path.nullable(),
  maxSeqLength: TrainingSettings.shape.max_seq_length,
  trainOn: TrainingSettings.shape.train_on,
});
export type RowSettings = z.infer<typeof RowSettings>;

export const TrainJob = z.strictObject({
  kind: z.literal('train'),
  request: TrainingRequest,
  runId: z.string().min(1),
  /** The run folder; the trainer makes and locks it. */
  runDirectory: path,
  /** Go on from the newest sound checkpoint of `runDirectory`; `request` then holds run.yaml's configuration. */
  resume: z.boolean(),
  /** Resume although this machine cannot repeat the run bit for bit. */
  allowDrift: z.boolean(),
  /** Number of this attempt at the run. A folder that has seen a higher one takes nothing more from this process. */
  fence: count,
});

export const PlanJob = z.strictObject({ kind: z.literal('plan'), request: TrainingRequest, runDirectory: path });

export const EvaluateJob = z.strictObject({
  kind: z.literal('evaluate'),
  model: path,
  adapter: path.nullable(),
  data: path,
  rows: RowSettings,
  engine: EngineSettings,
  /** Also generate each row's answer greedily and compare it with the row's own. */
  exactMatch: z.boolean(),
  maxNewTokens: z.int().min(1).max(4096),
  /** Only the first so many rows. */
  limit: z.int().min(1).nullable(),
  /** Where to write one EvaluatedRow a line, or null. */
  rowsPath: path.nullable(),
});

/** A line of the file at `rowsPath`. */
export const EvaluatedRow = z.object({
  /** Position in the data file, from 0: the same for every model, so that two evaluations can be paired. */
  id: count,
  /** null where exact match was not asked for. */
  correct: z.boolean().nullable(),
  loss: z.number(),
  tokens: count,
  expected: z.string().nullable(),
  output: z.string().nullable(),
});
export type EvaluatedRow = z.infer<typeof EvaluatedRow>;

export const EvaluateResult = z.object({
  /** Mean over graded tokens, and its standard error over rows. */
  loss: z.number(),
  loss_stderr: z.number().nullable(),
  perplexity: z.number(),
  /** Share of rows whose answer is the expected one to the letter (blanks at the ends aside); null where not asked for. */
  exact_match: z.number().nullable(),
  exact_match_stderr: z.number().nullable(),
  rows: count,
  tokens: count,
  seconds: z.number().min(0),
});
export type EvaluateResult = z.infer<typeof EvaluateResult>;

export const GenerateJob = z.strictObject({
  kind: z.literal('generate'),
  model: path,
  adapter: path.nullable(),
  prompt: z.string(),
  /** The prompt is a user's turn in the model's chat template; false: it is taken as it is. */
  chat: z.boolean(),
  system: z.string().nullable(),
  /** A conversation instead of `prompt` and `system`; what becomes of it is told as a `prompt` event. Without `chat` its texts follow each other as they are. */
  messages: z.array(ChatTurn).min(1).optional(),
  maxTokens: z.int().min(1).max(131_072),
  /** 0: greedy. */
  temperature: z.number().min(0).max(10),
  topP: z.number().gt(0).max(1),
  seed: z.int().min(0),
  engine: EngineSettings,
});

export const GenerateResult = z.object({
  text: z.string(),
  prompt_tokens: count,
  tokens: count,
  seconds: z.number().min(0),
  tokens_per_second: z.number().min(0),
  /** Why it ended: the model's end token, or maxTokens. */
  stop: z.enum(['end', 'length']),
});
export type GenerateResult = z.infer<typeof GenerateResult>;

export const exportFormats = ['peft', 'gguf', 'merged-gguf', 'merged-safetensors'] as const;
export const ExportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportJob = z.strictObject({
  kind: z.literal('export'),
  adapter: path,
  /** null: the base that the adapter names. */
  model: path.nullable(),
  to: ExportFormat,
  /** Of a merged GGUF's matrices. */
  quantization: z.enum(['f16', 'q8_0']),
  out: path,
  /** Replace what lies at `out`; never what the export reads. */
  force: z.boolean(),
  /** Load the result in llama.cpp beside the base and compare (adapters and merged GGUF). */
  check: z.boolean(),
  engine: EngineSettings,
});

/** The effect check of an export: mean absolute differences of next-token log-probabilities over the prompts tried. */
export const ExportCheck = z.object({
  /** With the adapter against without, both in llama.cpp. */
  effect: z.number(),
  /** llama.cpp against the engine, on the base and with the adapter, and how much is let pass. */
  base_disagreement: z.number(),
  adapter_disagreement: z.number(),
  bound: z.number(),
  prompts: count,
  /** Greedy text without and with the adapter. */
  greedy: z.array(z.object({ prompt: z.string(), base: z.string(), adapted: z.string() })),
});
export type ExportCheck = z.infer<typeof ExportCheck>;

export const ExportResult = z.object({
  path,
  format: ExportFormat,
  bytes: z.number().min(0),
  /** Of the file, or of the folder's main file. */
  sha256: z.string(),
  /** null where it was not asked for or cannot be done on this format. */
  check: ExportCheck.nullable(),
});
export type ExportResult = z.infer<typeof ExportResult>;

export const InspectJob = z.strictObject({
  kind: z.literal('inspect'),
  path,
  /** How many rows of a data file to show as tokens; needs `model`. */
  show: z.int().min(0).max(100),
  model: path.nullable(),
  rows: RowSettings,
  /** A data file that cannot be trained on as it stands is told of as far as it was understood; else that is a failure. */
  tolerant: z.boolean().optional(),
});

/** How many rows have how many tokens, before any cut: `counts[i]` rows have more than `edges[i]` and at most `edges[i + 1]`. */
export const LengthHistogram = z.object({ edges: z.array(count), counts: z.array(count) });
export type LengthHistogram = z.infer<typeof LengthHistogram>;

export const InspectResult = z.object({
  kind: z.enum(['model', 'adapter', 'dataset']),
  path,
  /** What is worth knowing, in the order to show it; keys are snake_case. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  problems: z.array(z.object({ line: count, problem: z.string() })),
  /** Rows as the model will see them, cut where graded changes. */
  samples: z.array(z.object({ line: count, tokens: count, pieces: z.array(z.object({ text: z.string(), graded: z.boolean() })) })),
  /** Of a data file's rows; null of anything else. */
  lengths: LengthHistogram.nullable(),
  /** What a data file's columns are called, and which of them plays which part: none where that is not clear. */
  columns: z.array(z.string()),
  mapping: ColumnMapping,
  /** Why a data file cannot be trained on as it stands; null where it can. */
  problem: WireError.omit({ stack: true }).nullable(),
});
export type InspectResult = z.infer<typeof InspectResult>;

export const ParityJob = z.strictObject({
  kind: z.literal('parity'),
  fixtures: path,
  /** Folder names; null: all. */
  families: z.array(z.string().min(1)).nullable(),
  precision: z.enum(['fp32', 'bf16']),
  engine: EngineSettings,
});

/** A row of the parity table: the largest differences found, null where it did not come to that. */
export const ParityRow = z.object({
  family: z.string(),
  verdict: z.enum(['passed', 'failed', 'unsupported']),
  logits: z.number().nullable(),
  loss: z.number().nullable(),
  gradients: z.number().nullable(),
  steps: z.number().nullable(),
  adapter: z.number().nullable(),
  movement: z.number().nullable(),
  problem: z.string().nullable(),
});
export type ParityRow = z.infer<typeof ParityRow>;
export const ParityResult = z.object({ families: z.array(ParityRow), passed: z.boolean() });
export type ParityResult = z.infer<typeof ParityResult>;

/** A task's items, scored by a model with or without an adapter. */
export const BenchmarkJob = z.strictObject({
  kind: z.literal('benchmark'),
  model: path,
  adapter: path.nullable(),
  task: BenchmarkTask,
  /** The file with the items. */
  data: path,
  /** Only the first so many items. */
  limit: z.int().min(1).nullable(),
  /** Solved items before each prompt, drawn as the reference harness does: from the file that the task names beside `data`, or from `data` itself. */
  numFewshot: z.int().min(0).max(64),
  /** The prompt is a user's turn in the model's chat template. */
  chatTemplate: z.boolean(),
  /** Where the records go, a line an item. A file that a killed job left is gone on with. */
  recordsPath: path,
  /** Ends with BENCHMARK_TIMEOUT when it has worked so long, pauses not counted; what is scored is kept. */
  timeoutSeconds: z.number().positive().optional(),
  engine: EngineSettings,
});

/** What a task asks, for a model that answers elsewhere. */
const asked = BenchmarkJob.pick({ task: true, data: true, limit: true, numFewshot: true });
/** Writes the questions, a line an item. */
export const QuestionsJob = asked.extend({ kind: z.literal('questions'), questionsPath: path });
export const QuestionsResult = z.object({ total: z.int().min(1), sha256: z.string() });
/** Judges the replies to them, and writes the records. */
export const JudgeJob = asked.extend({ kind: z.literal('judge'), repliesPath: path, recordsPath: path, servedAs: z.string().min(1) });

const computing = [TrainJob, PlanJob, EvaluateJob, GenerateJob, ExportJob, InspectJob, ParityJob, BenchmarkJob] as const;
export const Job = z.discriminatedUnion('kind', [...computing, QuestionsJob, JudgeJob]);
export type Job = z.infer<typeof Job>;
export type JobKind = Job['kind'];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

/** What a job was told of the machine; null for jobs that compute nothing. */
export function cpuSettings(job: Job): CpuOptimization | null {
  if ('request' in job) return job.request.config.cpu_optimization;
  return 'engine' in job ? job.engine.cpu : null;
}

/** The answer of each kind of job. */
export const jobResults = {
  train: TrainResult,
  plan: Plan,
  evaluate: EvaluateResult,
  generate: GenerateResult,
  export: ExportResult,
  inspect: InspectResult,
  parity: ParityResult,
  benchmark: BenchmarkResult,
  questions: QuestionsResult,
  judge: BenchmarkResult,
} as const satisfies Record<JobKind, z.ZodType>;
export type ResultOf<K extends JobKind> = z.infer<(typeof jobResults)[K]>;
