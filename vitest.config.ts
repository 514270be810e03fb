/** Two sets of tests: `unit` is every test that `npm test` runs, `long` the storms, soaks and fuzzing of `npm run test:long`. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';
import { SummaryReporter } from './test/support/summary-reporter.ts';

const places = ['shared', 'main', 'compute', 'renderer', 'test'];
const minutes = 60_000;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', new SummaryReporter()],
    // Each file in a process of its own: native crashes stay apart and the leak counters start at nought.
    pool: 'forks',
    // More than cores where those are few: the tests of the window, of browsers, of servers and of killed processes mostly wait.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: places.map((place) => `${place}/**/*.test.ts`),
          exclude: ['**/*.long.test.ts', '**/node_modules/**', '**/build/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'long', include: places.map((place) => `${place}/**/*.long.test.ts`), testTimeout: 60 * minutes, hookTimeout: 10 * minutes },
      },
    ],
  },
});
