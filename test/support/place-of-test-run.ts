/** A folder that every file of one test run sees, for what is costly to make and only read. It goes when the run ends (global-setup.ts). */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'LATHE_TEST_RUN_PLACE';

/** Before the processes of the test files start. */
export function makePlaceOfTestRun(): string {
  return (process.env[variable] ??= mkdtempSync(join(tmpdir(), 'lathe-test-run-')));
}

export function placeOfTestRun(name: string): string {
  const place = join(makePlaceOfTestRun(), name);
  mkdirSync(place, { recursive: true });
  return place;
}
