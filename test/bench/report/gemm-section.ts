/** Matrix products at the reference script's shapes: each type under each instruction set that multiplies it, by turns with the reference. */
import { median } from 'simple-statistics';
import { dtypes, type DType } from '../../../compute/tensor/dtype.ts';
import { multipliesBf16 } from '../../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../../compute/tensor/load-addon.ts';
import type { Isa } from '../../../shared/domain/isa.ts';
import { referenceGemm, type ReferenceProgram } from '../reference.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import { measuredIsas } from './measured-isas.ts';
import type { GemmFigure } from './report-schema.ts';

/** M×K×N as the reference script names them: a square, and the products of SmolLM2's MLP, attention and output over 2,048 tokens. */
const shapes = [
  [2048, 2048, 2048],
  [2048, 576, 1536],
  [2048, 576, 576],
  [2048, 576, 49_152],
] as const;
type Shape = (typeof shapes)[number];

/** How the frozen weight lies: as numbers of the activations' type, re-laid into panels, or as a 4-bit file has it. */
const weights = ['plain', 'packed', 'q4_1'] as const;
type Weight = (typeof weights)[number];

interface Case {
  readonly shape: Shape;
  readonly type: 'f32' | 'bf16';
  readonly isa: Isa;
  readonly weight: Weight;
}

const cases = (): Case[] =>
  measuredIsas().flatMap((isa) => {
    const type = multipliesBf16(isa) ? 'bf16' : 'f32';
    return shapes.flatMap((shape) => weights.map((weight) => ({ shape, type, isa, weight })));
  });

/** Median rate over `seconds`, at least three products. */
function rateOf({ shape: [m, k, n], type, isa, weight }: Case, { threads, seconds }: { threads: number; seconds: number }): { row: string; gflops: number } {
  const addon = loadAddon();
  addon.configure({ isa, threads });
  const matrix = (dtype: DType, rows: number, columns: number) => addon.allocate(dtypes[dtype].id, [rows, columns], 'bench');
  const left = matrix(type, m, k);
  const stored = matrix(weight === 'q4_1' ? 'q4_1' : type, n, k); // as a layer's weight is: y = x · Wᵀ
  const out = matrix(type, m, n);
  const right = weight === 'packed' ? addon.gemmPack(stored, { transposeB: true, inputType: dtypes[type].id, tag: 'bench' }) : stored;
  const times: number[] = [];
  addon.gemm(out, left, right, { transposeB: true });
  for (let spent = 0; times.length < 3 || spent < seconds;) {
    const start = performance.now();
    addon.gemm(out, left, right, { transposeB: true });
    times.push((performance.now() - start) / 1000);
    spent += times.at(-1) ?? 0;
  }
  for (const id of new Set([left, stored, out, right])) addon.release(id);
  addon.trim();
  return { row: addon.bestKernel(`gemm_${type}`, isa), gflops: (2 * m * k * n) / median(times) / 1e9 };
}

const nameOf = (shape: Shape): string => shape.join('×');

/** The reference's rates, found by instruction set, type and shape. */
type ReferenceRates = ReadonlyMap<string, number>;

/** Its libraries choose by themselves for the best set, so one run serves all types there; what ordinary laptops have is a run of its own. */
async function referenceRates(program: ReferenceProgram, threads: number): Promise<ReferenceRates> {
  const [best, ...narrower] = measuredIsas();
  const rates = new Map<string, number>();
  const add = (isa: Isa, type: 'f32' | 'bf16', found: ReadonlyMap<string, number>): void =>
    found.forEach((gflops, shape) => rates.set(`${isa} ${type} ${shape}`, gflops));
  if (best === undefined) return rates;
  const whole = await referenceGemm(program, threads, 'best');
  add(best, 'bf16', whole.bf16);
  // Products of f32 gain nothing from the bf16 instructions.
  add(multipliesBf16(best) ? 'avx512' : best, 'f32', whole.f32);
  for (const isa of narrower.filter((each) => each === 'avx2')) {
    const capped = await referenceGemm(program, threads, isa);
    add(isa, 'f32', capped.f32);
  }
  return rates;
}

export async function gemmSection({ threads, quick, pairs, reference, tell }: BenchContext): Promise<Measured<'gemm'>> {
  const rounds = quick ? 1 : Math.min(pairs, 2);
  const figures = cases().map((each) => ({ each, row: '', gflops: [] as number[], reference_gflops: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    tell(`matrix products, round ${String(round + 1)} of ${String(rounds)}`);
    for (const figure of figures) {
      const { row, gflops } = rateOf(figure.each, { threads, seconds: quick ? 0.05 : 0.4 });
      figure.row = row;
      figure.gflops.push(gflops);
    }
    const rates = reference === null ? new Map<string, number>() : await referenceRates(reference, threads);
    for (const { each, reference_gflops: found } of figures) {
      const rate = rates.get(`${each.isa} ${each.type} ${nameOf(each.shape)}`);
      if (rate !== undefined) found.push(rate);
    }
  }
  loadAddon().configure({ isa: loadAddon().bestIsa(), threads });
  const rows = figures.map(({ each: { shape, type, isa, weight }, ...rest }): GemmFigure => ({ shape: nameOf(shape), type, isa, weight, ...rest }));
  return { rows };
}
