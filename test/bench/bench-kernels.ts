/** Times every supported row of every op on the cases of test/bench/kernels. A new bench file is found by its name. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import type { BenchCase } from './bench-case.ts';

export interface KernelFigure {
  readonly op: string;
  readonly case: string;
  readonly row: string;
  readonly seconds: number;
  readonly gflops: number;
  readonly gigabytes: number;
  readonly share_of_best_gemm: number;
}

/** Each row gets this long, and at least three runs. */
const SECONDS = 0.25;

async function readCases(op: string | undefined): Promise<BenchCase[]> {
  const folder = join(import.meta.dirname, 'kernels');
  const files = readdirSync(folder).filter((name) => name.endsWith('.bench.ts'));
  const modules = await Promise.all(files.map(async (name) => (await import(join(folder, name))) as { cases: readonly BenchCase[] }));
  return modules.flatMap(({ cases }) => cases).filter((each) => op === undefined || each.op === op);
}

function time(run: () => void): number {
  run();
  const times: number[] = [];
  for (let spent = 0; times.length < 3 || spent < SECONDS;) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) / 1000);
    spent += times[times.length - 1] ?? 0;
  }
  return median(times);
}

export async function benchKernels(threads: number, op?: string): Promise<KernelFigure[]> {
  const addon = loadAddon();
  const isa = addon.bestIsa();
  addon.configure({ isa, threads });
  const figures: Omit<KernelFigure, 'share_of_best_gemm'>[] = [];
  for (const each of await readCases(op)) {
    // The reference is for being right: it is timed on demand only, since a large case takes it minutes.
    for (const row of addon.listKernels().filter((kernel) => kernel.op === each.op && kernel.supported && (kernel.isa !== 'ref' || op !== undefined))) {
      addon.forceKernel(each.op, row.name); // before the set-up: packed weights are laid out for the row that is chosen
      const bench = each.setup(addon);
      const { flops, bytes } = bench;
      const seconds = time(() => bench.run());
      figures.push({ op: each.op, case: each.name, row: row.name, seconds, gflops: flops / seconds / 1e9, gigabytes: bytes / seconds / 1e9 });
      bench.dispose();
    }
    addon.configure({ isa });
  }
  const best = Math.max(...figures.filter((figure) => figure.op.startsWith('gemm')).map(({ gflops }) => gflops), 1e-9);
  return figures.map((figure) => ({ ...figure, share_of_best_gemm: figure.gflops / best }));
}
