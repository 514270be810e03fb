/** Items a second of each benchmark task on SmolLM2: ours, ours without shared prefixes, and the reference harness on the same items, by turns. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { z } from 'zod';
import { table } from '../../../main/cli/output/table.ts';
import { benchmarkNames, builtInTask } from '../../support/benchmark-tasks.ts';
import { findShared, findSmollm2, withoutShared, withoutSmollm2 } from '../../support/smollm2.ts';
import type { ReferenceProgram } from '../reference.ts';
import type { BenchContext } from '../report/bench-context.ts';
import { measureTask } from './measure-task.ts';

export interface TaskRates {
  readonly task: string;
  readonly items: number;
  /** Items a second, one a repetition. */
  /** In fp32, as scores are computed. */
  readonly ours: number[];
  readonly bf16: number[];
  readonly without_sharing: number[];
  readonly reference: number[];
}

const run = promisify(execFile);
/** Written answers take the reference a second each. */
const itemsOf = (name: string, quick: boolean): number => (quick ? 4 : name === 'triviaqa' ? 20 : 100);

/** A sentence where there is nothing to measure with. */
export async function benchBenchmarks(context: BenchContext): Promise<readonly TaskRates[] | string> {
  const [model, data] = [findSmollm2(), findShared('data', 'benchmarks')];
  if (model === null) return withoutSmollm2;
  if (data === null) return withoutShared;
  const rates: TaskRates[] = [];
  for (const name of benchmarkNames) {
    const task = builtInTask(name);
    const items = itemsOf(name, context.quick);
    const row: TaskRates = { task: name, items, ours: [], bf16: [], without_sharing: [], reference: [] };
    for (let pair = 0; pair < (context.quick ? 1 : context.pairs); pair += 1) {
      context.tell(`${name}, ${pair + 1} of ${context.pairs}`);
      const subject = { task, model, data: join(data, `${task.data.file}.jsonl`), items, threads: context.threads };
      row.ours.push(await measureTask({ ...subject, sharing: true }));
      if (context.reference !== null)
        row.reference.push(await referenceRate(context.reference, { model, data, task: task.data.file, items, threads: context.threads }));
      if (task.kind === 'multiple_choice') row.without_sharing.push(await measureTask({ ...subject, sharing: false }));
      row.bf16.push(await measureTask({ ...subject, sharing: true, precision: 'bf16' }));
    }
    rates.push(row);
  }
  return rates;
}

const Line = z.object({ items_per_s: z.number() });

interface ReferenceTask {
  readonly model: string;
  readonly data: string;
  readonly task: string;
  readonly items: number;
  readonly threads: number;
}

/** By `mc_reference.py` beside the script that trains; in fp32, as it comes. */
async function referenceRate({ python, script }: ReferenceProgram, { model, data, task, items, threads }: ReferenceTask): Promise<number> {
  const program = join(dirname(script), 'mc_reference.py');
  if (!existsSync(program)) throw new Error(`${program} is not there`);
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bench-reference-'));
  const flags = [
    '--gguf',
    model,
    '--bench-dir',
    data,
    '--out',
    join(folder, 'out.json'),
    '--limit',
    String(items),
    '--tasks',
    task,
    '--threads',
    String(threads),
  ];
  try {
    const { stdout } = await run(python, [program, ...flags], { maxBuffer: 1 << 26 });
    return Line.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null')).items_per_s;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const best = (rates: readonly number[]): string => (rates.length === 0 ? '–' : Math.max(...rates).toFixed(1));

/** Median of the ratios of repetitions that followed one another. */
const ratio = (ours: readonly number[], others: readonly number[]): string =>
  others.length === 0 ? '–' : `${median(others.map((other, i) => (ours[i] ?? NaN) / other)).toFixed(1)}×`;

export const benchmarkLines = (rates: readonly TaskRates[]): readonly string[] => [
  'Benchmarks, SmolLM2, items a second (best of the repetitions; ratios are medians over pairs):',
  ...table(
    [
      ['task', 'items', 'ours', 'no sharing', 'gain', 'reference', 'ratio', 'in bf16', 'ratio'],
      ...rates.map(({ task, items, ours, bf16, without_sharing, reference }) => [
        ...[task, String(items), best(ours), best(without_sharing), ratio(ours, without_sharing), best(reference), ratio(ours, reference)],
        ...[best(bf16), ratio(bf16, reference)],
      ]),
    ],
    { right: [1, 2, 3, 4, 5, 6, 7, 8] },
  ),
];
