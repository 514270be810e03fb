/** The memory that a plan names is the memory that the run takes, within 15 %. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { findSmollm2, withoutSmollm2 } from '../support/smollm2.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData } from '../support/tiny-model.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const bound = 0.15;
const folder = temporaryFolder();
let runs: TinyRuns;

/** Planned over measured peak. */
function ratioOf(end: CliEnd): number {
  expect(end, end.stderr).toMatchObject({ code: 0 });
  const [plan] = eventsOf(end, 'plan');
  const [done] = eventsOf(end, 'done');
  const { total_bytes: planned, limit_bytes: limit } = plan?.['memory'] as { total_bytes: number; limit_bytes: number };
  expect([planned, limit].every(Number.isInteger), `${planned} and ${limit} bytes`).toBe(true);
  return planned / Number(done?.['peak_rss_bytes']);
}

function expectWithin(end: CliEnd): void {
  const ratio = ratioOf(end);
  expect(ratio).toBeGreaterThan(1 - bound);
  expect(ratio).toBeLessThan(1 + bound);
}

describe('the plan of a run', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder, { rows: 400 });
  });

  it('is its peak: many short rows', async () => {
    expectWithin(await runs.train('short', ['--max-steps', '60', '--epochs', '100', '--batch-size', '8']).ended);
  });

  it('is its peak: long rows, whose activations are most of it', async () => {
    const data = writeTinyData(join(folder, 'long.jsonl'), 40, { words: 250 });
    const settings = [
      '--max-steps',
      '6',
      '--epochs',
      '100',
      '--batch-size',
      '16',
      '--gradient-accumulation',
      '1',
      '--max-seq-length',
      '2048',
      '--train-on',
      'all',
    ];
    expectWithin(await runs.train('long', ['--data', data, ...settings]).ended);
    expectWithin(await runs.train('long-recomputed', ['--data', data, ...settings, '--gradient-checkpointing', 'on']).ended);
  });

  it('is its peak: SmolLM2, four full rows of 512 tokens', async (context) => {
    const model = findSmollm2();
    if (model === null) return context.skip(withoutSmollm2);
    const data = join(folder, 'full.jsonl');
    writeFileSync(
      data,
      Array.from({ length: 24 }, (_, row) => `${JSON.stringify({ text: `Row ${row}. ${'The quick brown fox jumps over the lazy dog. '.repeat(80)}` })}\n`).join(
        '',
      ),
    );
    const settings = ['--max-steps', '2', '--batch-size', '4', '--gradient-accumulation', '1', '--max-seq-length', '512', '--holdout-fraction', '0.1'];
    expectWithin(await runs.train('smollm2', ['--model', model, '--data', data, ...settings]).ended);
  });
});
