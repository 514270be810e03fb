/**
 * `npm run bench [-- --kernels] [-- --train] [--model FILE] [--out FILE]`: kernels by row (GFLOP/s, GB/s, share of the best matrix product)
 * and a whole training step by instruction set. Writes JSON; figures are compared side by side, never asserted.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { table } from '../../main/cli/output/table.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { findSmollm2 } from '../support/smollm2.ts';
import { benchKernels } from './bench-kernels.ts';
import { benchTraining } from './bench-training.ts';

interface Options {
  readonly kernels?: true;
  readonly train?: true;
  readonly op?: string;
  readonly model?: string;
  readonly threads: string;
  readonly out: string;
}

const program = new Command('bench')
  .option('--kernels', 'the kernels only')
  .option('--train', 'the training step only')
  .option('--op <name>', 'kernels of one op only')
  .option('--model <file>', 'what is trained (default: SmolLM2 where it is here, else the embedded base)')
  .option('--threads <n>', 'kernel threads', String(cpus().length))
  .option('--out <file>', 'where the JSON goes', 'build/bench/bench.json')
  .parse();
const options = program.opts<Options>();
const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const threads = Number(options.threads);

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  threads,
  memory_bytes: totalmem(),
  platform: `${platform()} ${arch()}`,
  node: process.version,
  features: loadAddon().features(),
};
print([`${machine.cpu}, ${machine.cores} cores, ${machine.threads} threads, ${machine.features.join(' ')}`, '']);

const kernels = options.train === true ? [] : await benchKernels(threads, options.op);
if (kernels.length > 0) {
  const rows = kernels.map((row) => [
    row.op,
    row.case,
    row.row,
    row.gflops.toFixed(1),
    row.gigabytes.toFixed(1),
    `${(100 * row.share_of_best_gemm).toFixed(0)} %`,
  ]);
  print([...table([['op', 'case', 'row', 'GFLOP/s', 'GB/s', 'of the best GEMM'], ...rows], { right: [3, 4, 5] }), '']);
}
const model = options.model ?? findSmollm2() ?? resolve(import.meta.dirname, '../../resources/models/lathe-base.gguf');
const training = options.kernels === true ? [] : await benchTraining(model, threads);
if (training.length > 0) {
  const rows = training.map((row) => [
    row.isa,
    row.precision,
    row.seconds_per_step.toFixed(2),
    row.tokens_per_second.toFixed(0),
    (row.peak_rss_bytes / 2 ** 20).toFixed(0),
    `${(100 * row.share_in_kernels).toFixed(1)} %`,
  ]);
  print([
    `Training step, ${model}, 4 rows of 512 tokens, rank 8 on q, k, v, o:`,
    ...table([['kernels', 'precision', 's/step', 'tokens/s', 'peak MiB', 'in kernels'], ...rows], { right: [2, 3, 4, 5] }),
  ]);
}
mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(
  options.out,
  `${JSON.stringify({ date: new Date().toISOString(), command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(), machine, kernels, training }, null, 2)}\n`,
);
