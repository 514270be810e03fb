/** SmolLM2 against the reference harness on every item that it was run on: minutes a task. */
import { it } from 'vitest';
import { expectSmollm2Same, whyNoSmollm2 } from '../support/benchmark-parity.ts';
import { benchmarkNames } from '../support/benchmark-tasks.ts';

it.skipIf(whyNoSmollm2 !== null).each(benchmarkNames)(
  '%s has the choices, the log-probabilities and the score of the reference harness',
  { timeout: 3_600_000 },
  async (name) => {
    await expectSmollm2Same(name);
  },
);
