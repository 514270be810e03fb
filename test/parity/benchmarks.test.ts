/** Benchmarks against the reference harness: the model that comes with Lathe on the small samples, and SmolLM2 on one task (benchmarks.long.test.ts: on all). */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkNames, expectSame, expectSmollm2Same, readExpected, score, whyNoSmollm2 } from '../support/benchmark-parity.ts';
import { builtInTask } from '../support/benchmark-tasks.ts';

const root = join(import.meta.dirname, '..', '..');

it('SmolLM2 has the choices, the log-probabilities and the score of the reference harness on arc_easy', { timeout: 600_000 }, async ({ skip }) => {
  if (whyNoSmollm2 !== null) return skip(whyNoSmollm2);
  return expectSmollm2Same('arc_easy');
});

describe('the model that comes with Lathe', { timeout: 120_000 }, () => {
  const expected = readExpected(join(import.meta.dirname, 'benchmarks', 'lathe_base_expected.json'));

  it.each(benchmarkNames)('%s has the choices, the log-probabilities and the score of the reference harness on the sample', async (name) => {
    const wanted = expected.tasks[builtInTask(name).data.file] ?? expect.fail(`the reference has no ${name}`);
    const place = { model: join(root, 'resources', 'models', 'lathe-base.gguf'), data: join(root, 'resources', 'benchmarks', 'samples') };
    expectSame(await score(name, { ...place, limit: null }), wanted);
  });
});
