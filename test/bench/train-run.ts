/** One real run of `lathe train`, measured from outside by its events: what users get, with what the plan chose, speed and memory together. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { DoneEvent, EvalEvent, PlanEvent, StepEvent } from '../../shared/contracts/run-events.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import type { TrainingSettings } from '../../shared/domain/training-settings.ts';
import { eventsOf, LatheCli, type CliEnd, type CliEvent } from '../support/lathe-cli.ts';
import type { RunFigure } from './report/report-schema.ts';

export interface TrainRun {
  readonly model: string;
  readonly data: string;
  readonly evalData?: string;
  /** Of the training block, beside what is set below for every measured run. */
  readonly training: Partial<TrainingSettings>;
  readonly rank?: number;
  /** Timed steps; one more goes before them. */
  readonly steps: number;
  readonly threads: number;
  /** Weights multiplied as they are stored, never re-laid. */
  readonly asStored?: boolean;
  /** Cap on the instruction set. */
  readonly isa?: Isa;
}

/** A home of its own, so that the shelf and the runs of whoever measures stay as they are; it keeps the probe and the tokens. */
export const benchHome = join(import.meta.dirname, '..', '..', 'build', 'bench', 'home');

const configOf = ({ model, data, evalData, training, rank = 8, steps, threads, asStored = false }: TrainRun): string =>
  stringify({
    model,
    data: { path: data, holdout_fraction: 0, ...(evalData === undefined ? {} : { eval_path: evalData }) },
    lora: { rank, alpha: 2 * rank, dropout: 0, target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj'] },
    training: { gradient_accumulation: 1, max_epochs: 100, max_steps: steps + 1, warmup_steps: 1, save_steps: 1_000_000, ...training },
    cpu_optimization: { num_workers: threads, cache_optimization: !asStored },
    environment: { profile: true },
  });

const parse = <T>(schema: z.ZodType<T>, end: CliEnd, kind: string): T[] => eventsOf(end, kind).map((event) => schema.parse(event));

function one<T>(values: readonly T[], what: string): T {
  const [value] = values;
  if (value === undefined) throw new Error(`the run told of no ${what}`);
  return value;
}

export async function measureTrainRun(run: TrainRun): Promise<RunFigure> {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bench-'));
  try {
    const config = join(folder, 'config.yaml');
    writeFileSync(config, configOf(run));
    const out = join(folder, 'run');
    const env = { LATHE_HOME: benchHome, ...(run.isa === undefined ? {} : { LATHE_ISA: run.isa }) };
    const ownPeak = { bytes: 0 };
    const cpuAtSteps: number[] = [];
    const cli: LatheCli = new LatheCli(['train', '--config', config, '--out', out, '--json'], {
      env,
      onEvent: ({ event }: CliEvent) => {
        if (event === 'done' || event === 'step') ownPeak.bytes = peakOf(cli.pid);
        if (event === 'step') cpuAtSteps.push(cpuSeconds(cli.computeProcesses()[0] ?? 0));
      },
    });
    const end = await cli.ended;
    if (end.code !== 0) throw new Error(`lathe train ended with code ${String(end.code)}: ${end.stderr}`);
    return figureOf(run, end, { profile: readFileSync(join(out, 'profiles', 'kernels.tsv'), 'utf8'), commandLineBytes: ownPeak.bytes, cpuAtSteps });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** High-water mark of a process; 0 where the system does not tell. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Processor time of a process so far, all its threads: fields 14 and 15 of its stat, in hundredths; 0 where the system does not tell. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

interface Beside {
  readonly profile: string;
  readonly commandLineBytes: number;
  /** Processor seconds when each step had ended. */
  readonly cpuAtSteps: readonly number[];
}

function figureOf(run: TrainRun, end: CliEnd, { profile, commandLineBytes, cpuAtSteps }: Beside): RunFigure {
  const steps = parse(StepEvent, end, 'step').map(({ tokens, tokens_per_second: rate }) => ({ tokens, seconds: tokens / rate }));
  const plan = one(parse(PlanEvent, end, 'plan'), 'plan');
  const done = one(parse(DoneEvent, end, 'done'), 'end');
  const timed = steps.slice(1);
  const all = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const kernels = kernelSeconds(profile);
  const { isa, precision, panels, recompute_activations: recompute, micro_tokens: microTokens } = plan.choices;
  return {
    tokens_per_second: timed.reduce((sum, { tokens }) => sum + tokens, 0) / timed.reduce((sum, { seconds }) => sum + seconds, 0),
    seconds_per_step: median(timed.map(({ seconds }) => seconds)),
    cpu_seconds_per_step: Math.max(0, (cpuAtSteps.at(-1) ?? 0) - (cpuAtSteps[0] ?? 0)) / timed.length,
    steps: timed.length,
    threads: run.threads,
    peak_bytes: done.peak_rss_bytes,
    command_line_peak_bytes: commandLineBytes,
    planned: { bytes: plan.memory.total_bytes, tokens_per_second: plan.time.tokens_per_second },
    chosen: { isa, precision, panels, recompute, micro_tokens: microTokens },
    kernel_seconds: kernels,
    step_seconds: all,
    evaluations: parse(EvalEvent, end, 'eval').map(({ step, eval_loss: loss }) => ({ step, loss })),
  };
}

/** Second column by first; the first line is the heading. */
function kernelSeconds(profile: string): Record<string, number> {
  const rows = profile.trim().split('\n').slice(1);
  return Object.fromEntries(rows.map((row) => row.split('\t')).map(([op = '', , seconds = '0']) => [op, Number(seconds)]));
}
