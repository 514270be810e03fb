/**
 * `npm run bench [-- --kernels | --train | --bases | --precisions | --benchmarks | --host | --store | --report] [--out FILE]`: kernels by row (GFLOP/s, GB/s, share of the best
 * matrix product), a whole training step by instruction set, the tables of quantised bases and of precisions, benchmarks beside the reference harness, the host under load, a full store, and
 * the performance page. Writes
 * JSON; figures are compared side by side, never asserted.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { table } from '../../main/cli/output/table.ts';
import { findSmollm2 } from '../support/smollm2.ts';
import { basesLines, benchBases } from './bases/bench-bases.ts';
import { benchBenchmarks, benchmarkLines } from './benchmarks/bench-benchmarks.ts';
import { benchKernels } from './bench-kernels.ts';
import { benchPrecisions, precisionLines } from './bench-precisions.ts';
import { benchTraining, stepHeading, stepLine } from './bench-training.ts';
import { benchHost } from './host/bench-host.ts';
import { hostLines } from './host/measure-host.ts';
import { describeMachine } from './machine.ts';
import { findReference } from './reference.ts';
import type { BenchContext } from './report/bench-context.ts';
import { sectionNames, type SectionName } from './report/report-schema.ts';
import { writeReport } from './report/write-report.ts';
import { benchStore, storeLines } from './store/bench-store.ts';
import type { StepFigure } from './training-step.ts';

interface Options {
  readonly kernels?: true;
  readonly train?: true;
  readonly bases?: true;
  readonly precisions?: true;
  readonly benchmarks?: true;
  readonly host?: true;
  readonly store?: true;
  readonly report?: true;
  readonly only?: string;
  readonly quick?: true;
  readonly pairs: string;
  readonly reference?: string;
  readonly referenceScripts?: string;
  readonly op?: string;
  readonly model?: string;
  readonly threads: string;
  readonly out: string;
}

const program = new Command('bench')
  .option('--kernels', 'the kernels only')
  .option('--train', 'the training step only')
  .option('--bases', 'the table of quantised bases only')
  .option('--precisions', 'the table of fp32, bf16 and int8 training only')
  .option('--benchmarks', 'benchmarks only: items a second, with and without shared prefixes, beside the reference harness')
  .option('--host', 'the host only: 200 listeners and 200 requests a second while a run trains')
  .option('--store', 'the store only: lists, figures and changes with 10,000 runs, 100,000 steps of one and 10,000 versions')
  .option('--report', 'measure what the performance page shows, and write the page')
  .option('--only <sections>', `of the report only these, with commas: ${sectionNames.join(',')}`)
  .option('--quick', 'short settings, to see that everything runs; a report then goes to build/bench instead of resources/docs')
  .option('--pairs <n>', 'repetitions of what is measured by turns with the reference', '3')
  .option('--reference <python>', 'a Python environment with torch, transformers and peft (benchmarks: lm-eval), to measure beside')
  .option('--reference-scripts <folder>', 'where peft_baseline.py is (default: shared/bench beside the checkout)')
  .option('--op <name>', 'kernels of one op only')
  .option('--model <file>', 'what is trained (default: SmolLM2 where it is here, else the embedded base)')
  .option('--threads <n>', 'kernel threads', String(cpus().length))
  .option('--out <file>', 'where the JSON goes', 'build/bench/bench.json')
  .parse();
const options = program.opts<Options>();
const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const threads = Number(options.threads);

const machine = describeMachine(threads);
print([`${machine.cpu}, ${machine.cores} cores, ${machine.threads} threads, ${machine.features.join(' ')}`, '']);

const context: BenchContext = {
  threads,
  quick: options.quick === true,
  pairs: Number(options.pairs),
  reference: findReference(options.reference, options.referenceScripts),
  tell: (line) => void process.stderr.write(`${line}\n`),
};
if (options.report === true) {
  const unknown = options.only?.split(',').find((name) => !sectionNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`'${unknown}' is no section; known are ${sectionNames.join(', ')}`);
  print(await writeReport({ machine, only: (options.only?.split(',') as SectionName[] | undefined) ?? sectionNames }, context));
  process.exit();
}

if (options.host === true) {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bench-host-'));
  const host = await benchHost(folder, { listeners: 200, requestsPerSecond: 200, seconds: options.quick === true ? 3 : 5, pairs: Number(options.pairs) * 3 });
  rmSync(folder, { recursive: true, force: true });
  print(hostLines(host));
  write({ host });
  process.exit();
}
if (options.store === true) {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bench-store-'));
  const tenth = options.quick === true ? 10 : 1;
  const store = benchStore(folder, { runs: 10_000 / tenth, steps: 100_000 / tenth, versions: 10_000 / tenth }, 30);
  rmSync(folder, { recursive: true, force: true });
  print(storeLines(store));
  write({ store });
  process.exit();
}

const bases = options.bases === true ? await benchBases(context) : null;
if (bases !== null) print(typeof bases === 'string' ? [`bases: ${bases}`] : [...basesLines(bases), '']);
const precisions = options.precisions === true ? await benchPrecisions(context) : null;
if (precisions !== null) print(typeof precisions === 'string' ? [`precisions: ${precisions}`] : [...precisionLines(precisions), '']);
const benchmarks = options.benchmarks === true ? await benchBenchmarks(context) : null;
if (benchmarks !== null) print(typeof benchmarks === 'string' ? [`benchmarks: ${benchmarks}`] : [...benchmarkLines(benchmarks), '']);
const one = options.kernels ?? options.train ?? options.bases ?? options.precisions ?? options.benchmarks;
const kernels = one === true && options.kernels !== true ? [] : await benchKernels(threads, options.op);
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
const training: StepFigure[] = [];
if (one !== true || options.train === true) {
  print([`Training step, ${model}, 4 rows of 512 tokens, rank 8 on q, k, v, o, as the plan chooses:`, stepHeading]);
  for await (const figure of benchTraining(model, threads)) {
    training.push(figure);
    print([stepLine(figure)]);
  }
}
write({ kernels, training, bases, precisions, benchmarks });

function write(figures: object): void {
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim();
  mkdirSync(dirname(resolve(options.out)), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify({ date: new Date().toISOString(), command, machine, ...figures }, null, 2)}\n`);
}
