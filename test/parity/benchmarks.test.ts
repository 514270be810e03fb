/** Benchmarks against the reference harness: the model that comes with Lathe on the small samples, and SmolLM2 on one task (benchmarks.long.test.ts: on all). */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectSame, expectSmollm2Same, readExpected, readRuns, score, whyNoSmollm2 } from '../support/benchmark-parity.ts';
import { benchmarkNames, builtInTask } from '../support/benchmark-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const [model, samples] = [join(root, 'resources', 'models', 'lathe-base.gguf'), join(root, 'resources', 'benchmarks', 'samples')];
const figures = join(import.meta.dirname, 'benchmarks');
const folder = temporaryFolder();

it('SmolLM2 has the choices, the log-probabilities and the score of the reference harness on arc_easy', { timeout: 600_000 }, async ({ skip }) => {
  if (whyNoSmollm2 !== null) return skip(whyNoSmollm2);
  return expectSmollm2Same('arc_easy');
});

describe('the model that comes with Lathe', { timeout: 120_000 }, () => {
  const expected = readExpected(join(figures, 'lathe_base_expected.json'));
  const runs = readRuns(join(figures, 'fewshot_expected.json'));

  it.each(benchmarkNames)('%s has the choices, the log-probabilities and the score of the reference harness on the sample', async (name) => {
    const wanted = expected.tasks[builtInTask(name).data.file] ?? expect.fail(`the reference has no ${name}`);
    expectSame(await score(name, { model, data: samples, limit: null }), wanted);
  });

  it.each(Object.keys(runs))('%s: draws and shows the solved items that the reference harness does, and has its scores', async (run) => {
    const [file = '', numFewshot, ...marks] = run.split(' ');
    const data = marks.includes('train') ? samples : mkdtempSync(join(folder, 'alone-'));
    if (data !== samples) copyFileSync(join(samples, `${file}.jsonl`), join(data, `${file}.jsonl`));
    const name = benchmarkNames.find((each) => builtInTask(each).data.file === file) ?? expect.fail(`there is no task of ${file}`);
    const scored = await score(name, { model, data, limit: null, numFewshot: Number(numFewshot), chatTemplate: marks.includes('chat') });
    expectSame(scored, runs[run] ?? expect.fail('it was listed'));
  });
});
