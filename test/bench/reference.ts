/** The reference side of a bench: scripts in a Python environment that train with PyTorch and PEFT and print one JSON line. Never a dependency. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { multipliesBf16 } from '../../compute/tensor/engine-setup.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import { findShared } from '../support/smollm2.ts';
import type { ReferenceFigure } from './report/report-schema.ts';

export interface ReferenceProgram {
  readonly python: string;
  readonly script: string;
}

const run = promisify(execFile);

/** Null where no Python environment is named. The scripts are in `scripts`, by default in `shared/bench` beside the checkout. */
export function findReference(python: string | undefined, scripts: string | undefined): ReferenceProgram | null {
  if (python === undefined) return null;
  const folder = scripts === undefined ? findShared('bench') : resolve(scripts);
  const script = folder === null ? null : join(folder, 'peft_baseline.py');
  if (script === null || !existsSync(script)) throw new Error('the reference scripts are not beside the checkout; name their folder with --reference-scripts');
  return { python, script };
}

/** What holds PyTorch's libraries to an instruction set; nothing where it may use the best. */
const caps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  avx2: { ATEN_CPU_CAPABILITY: 'avx2', ONEDNN_MAX_CPU_ISA: 'AVX2', MKL_ENABLE_INSTRUCTIONS: 'AVX2' },
  avx512: { ATEN_CPU_CAPABILITY: 'avx512', ONEDNN_MAX_CPU_ISA: 'AVX512_CORE', MKL_ENABLE_INSTRUCTIONS: 'AVX512' },
  avx512bf16: { ATEN_CPU_CAPABILITY: 'avx512', ONEDNN_MAX_CPU_ISA: 'AVX512_CORE_BF16', MKL_ENABLE_INSTRUCTIONS: 'AVX512' },
};

/** The type it is fastest in, by what the instruction set multiplies itself. */
export const bestReferenceType = (isa: Isa): 'bf16' | 'fp32' => (multipliesBf16(isa) ? 'bf16' : 'fp32');

async function lastLine({ python, script }: ReferenceProgram, args: readonly string[], isa: string): Promise<unknown> {
  const { stdout } = await run(python, [script, ...args], { env: { ...process.env, ...caps[isa] }, maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}

const Trained = z.object({
  median_step_s: z.number(),
  real_tokens_per_s: z.number(),
  peak_rss_bytes: z.number(),
  dtype: z.string(),
  seconds_from_process_start: z.object({ model_ready: z.number() }),
  versions: z.record(z.string(), z.string()),
});

export async function referenceTraining(program: ReferenceProgram, args: readonly string[], isa: string): Promise<ReferenceFigure> {
  const { median_step_s: seconds, real_tokens_per_s: rate, peak_rss_bytes: peak, dtype, ...rest } = Trained.parse(await lastLine(program, args, isa));
  const { versions, seconds_from_process_start: start } = rest;
  return { tokens_per_second: rate, seconds_per_step: seconds, peak_bytes: peak, dtype, ready_seconds: start.model_ready, versions };
}

const Rate = z.object({ median_gflops: z.number().positive() });
const Gemm = z.object({ fp32: z.record(z.string(), Rate), bf16: z.record(z.string(), Rate).optional() });

/** Median GFLOP/s by type and by shape, written as M×K×N. */
export async function referenceGemm(program: ReferenceProgram, threads: number, isa: string): Promise<Record<'f32' | 'bf16', ReadonlyMap<string, number>>> {
  const { fp32, bf16 = {} } = Gemm.parse(await lastLine(program, ['--gemm', '--threads', String(threads)], isa));
  const rates = (rows: Readonly<Record<string, z.infer<typeof Rate>>>): ReadonlyMap<string, number> =>
    new Map(Object.entries(rows).map(([shape, { median_gflops: gflops }]) => [shape.replaceAll('x', '×'), gflops]));
  return { f32: rates(fp32), bf16: rates(bf16) };
}
