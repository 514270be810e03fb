/**
 * What one run of `npm run bench -- --report` measured: the JSON that the page and its charts are made from. A section that is not there was
 * not measured, and the page says so.
 */
import { z } from 'zod';

const positive = z.number().positive();
const bytes = z.number().min(0);

export const Machine = z.object({
  cpu: z.string(),
  cores: z.int().min(1),
  threads: z.int().min(1),
  memory_bytes: bytes,
  platform: z.string(),
  node: z.string(),
  lathe: z.string(),
  features: z.array(z.string()),
});
export type Machine = z.infer<typeof Machine>;

/** One run of `lathe train`. */
export const RunFigure = z.object({
  tokens_per_second: positive,
  /** Median of the timed steps. */
  seconds_per_step: positive,
  /** Processor time of the process that trains, all its threads, a timed step; 0: not told by the system. */
  cpu_seconds_per_step: z.number().min(0).default(0),
  steps: z.int().min(1),
  threads: z.int().min(1),
  /** Of the process that trains. */
  peak_bytes: bytes,
  /** Of the command line that started it and stays beside it; 0: not told by the system. */
  command_line_peak_bytes: bytes,
  /** What the plan said before the first step. */
  planned: z.object({ bytes, tokens_per_second: z.number().min(0) }),
  chosen: z.object({ isa: z.string(), precision: z.string(), panels: z.string(), recompute: z.boolean(), micro_tokens: z.int().min(1) }),
  /** By op, over all steps. */
  kernel_seconds: z.record(z.string(), z.number()),
  step_seconds: positive,
  evaluations: z.array(z.object({ step: z.int(), loss: z.number() })),
});
export type RunFigure = z.infer<typeof RunFigure>;

/** One run of the reference's training script. */
export const ReferenceFigure = z.object({
  tokens_per_second: positive,
  seconds_per_step: positive,
  peak_bytes: bytes,
  dtype: z.string(),
  /** From process start to the model being ready to train. */
  ready_seconds: z.number().min(0),
  versions: z.record(z.string(), z.string()),
});
export type ReferenceFigure = z.infer<typeof ReferenceFigure>;

/** The same work on both sides, by turns. */
export const Pairs = z.object({
  name: z.string(),
  /** Cap on the instruction set, or `best`. */
  isa: z.string(),
  ours: z.array(RunFigure).min(1),
  /** Empty: not measured here. */
  reference: z.array(ReferenceFigure),
});
export type Pairs = z.infer<typeof Pairs>;

const GemmFigure = z.object({
  shape: z.string(),
  /** f32 or bf16. */
  type: z.string(),
  isa: z.string(),
  row: z.string(),
  /** How the weight lies: plain, packed, or a stored type. */
  weight: z.string(),
  gflops: z.array(positive).min(1),
  /** The reference's median rates for the same type and shape; empty: not measured here. */
  reference_gflops: z.array(positive),
});
export type GemmFigure = z.infer<typeof GemmFigure>;

/** One base of the table of quantised bases. */
export const BaseFigure = z.object({
  type: z.string(),
  /** Share of the layers' weights that are stored so; the rest fell back to a type of smaller blocks. */
  share: z.number().min(0).max(1),
  file_bytes: bytes,
  perplexity: positive,
  /** Held-out loss by step of the same LoRA run, step 0 first. */
  curve: z.array(z.object({ step: z.int(), loss: z.number() })),
  tokens_per_second: positive,
  peak_bytes: bytes,
  /** The same with weights that are never re-laid, widened panel by panel in each product. */
  as_stored: z.object({ tokens_per_second: positive, peak_bytes: bytes }),
});
export type BaseFigure = z.infer<typeof BaseFigure>;

/** One run of the table of precisions. */
export const PrecisionFigure = z.object({
  /** Cap on the instruction set. */
  isa: z.string(),
  precision: z.string(),
  seconds_per_step: positive,
  cpu_seconds_per_step: z.number().min(0),
  tokens_per_second: positive,
  peak_bytes: bytes,
  /** Kernel seconds by op, of the whole run. */
  kernel_seconds: z.record(z.string(), z.number()),
  /** Mean loss on the answers of the held-out rows after the last step, computed in floats. */
  held_out_loss: z.number(),
});
export type PrecisionFigure = z.infer<typeof PrecisionFigure>;

/** One point of a curve: what was varied, and the run. */
const Point = z.object({ value: z.number(), run: RunFigure });

/** Every section carries its own date and command: one may be measured anew without the others. */
const section = <T extends z.ZodRawShape>(shape: T) =>
  z.object({ date: z.iso.datetime(), command: z.string(), quick: z.boolean(), remark: z.string().optional(), ...shape });

export const Report = z.object({
  machine: Machine,
  /** Why a section could not be measured, by its name; one that is neither here nor below was left out. */
  missing: z.record(z.string(), z.string()),
  sections: z.object({
    gemm: section({ rows: z.array(GemmFigure) }).optional(),
    step: section({ pairs: z.array(Pairs) }).optional(),
    rows: section({ data: z.string(), pairs: z.array(Pairs) }).optional(),
    large: section({ pairs: z.array(Pairs) }).optional(),
    start: section({ seconds: z.array(positive).min(1), tokens: z.int() }).optional(),
    curves: section({ threads: z.array(Point), length: z.array(Point), rank: z.array(Point), batch: z.array(Point) }).optional(),
    bases: section({ model: z.string(), text: z.string(), training: z.string(), rows: z.array(BaseFigure) }).optional(),
    precisions: section({ model: z.string(), training: z.string(), rows: z.array(PrecisionFigure) }).optional(),
  }),
});
export type Report = z.infer<typeof Report>;
export type Sections = Report['sections'];
export type SectionName = keyof Sections;

export const sectionNames = Object.keys(Report.shape.sections.shape) as readonly SectionName[];
