/** From the start of the command's process to the first forward pass begun, once the rows' tokens are cached: the second and later runs of a data file. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lathe } from '../../support/lathe-cli.ts';
import { findSmollm2 } from '../../support/smollm2.ts';
import { realRows, writeLines } from '../bench-rows.ts';
import { benchHome } from '../train-run.ts';
import type { BenchContext, Measured } from './bench-context.ts';

const preload = pathToFileURL(join(import.meta.dirname, 'mark-first-forward.ts')).href;

export async function startSection({ quick, threads, tell }: BenchContext, folder: string): Promise<Measured<'start'> | string> {
  const [model, lines] = [findSmollm2(), realRows()];
  if (model === null || lines === null) return 'SmolLM2 or the rows are not on this machine';
  const data = writeLines(join(folder, 'start.jsonl'), lines, [0, lines.length]);
  const settings = ['--max-steps', '1', '--batch-size', '1', '--gradient-accumulation', '1', '--num-workers', String(threads), '--holdout-fraction', '0'];
  const mark = join(folder, 'first-forward');
  const seconds: number[] = [];
  let tokens = 0;
  for (let round = 0; round <= (quick ? 1 : 5); round++) {
    tell(`cold start, round ${String(round)}`);
    const out = join(folder, 'start-run');
    const env = { LATHE_HOME: benchHome, LATHE_BENCH_MARK: mark, NODE_OPTIONS: `--import=${preload}` };
    const started = Date.now();
    const end = await lathe(['train', '--model', model, '--data', data, '--out', out, ...settings, '--json'], { env });
    if (end.code !== 0) throw new Error(`lathe train ended with code ${String(end.code)}: ${end.stderr}`);
    tokens = Number(end.events.find(({ event }) => event === 'plan')?.['tokens'] ?? 0);
    // The first round fills the caches of tokens and of the probe.
    if (round > 0) seconds.push((Number(readFileSync(mark, 'utf8')) - started) / 1000);
    rmSync(out, { recursive: true });
  }
  return { seconds, tokens };
}
