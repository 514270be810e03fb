/** Before the first test: a place for what its files share; the native engine and the page are built, where their sources are. LATHE_SKIP_BUILD=1 leaves building out. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AddonBuildError, ensureAddon } from '../../main/cli/build-native.js';
import { ensureBuilt } from '../../main/cli/build-page.js';
import { keepCompiledCode } from '../../main/cli/compile-cache.js';
import { makePlaceOfTestRun } from './place-of-test-run.ts';

export async function setup(): Promise<() => void> {
  const place = makePlaceOfTestRun();
  // Also for the programs of tests that do not come by bin.js: without it half of what a start takes is reading TypeScript again.
  keepCompiledCode();
  await build();
  return () => rmSync(place, { recursive: true, force: true });
}

async function build(): Promise<void> {
  if (process.env['LATHE_SKIP_BUILD'] !== undefined || !existsSync(join(import.meta.dirname, '..', '..', 'compute', 'native', 'CMakeLists.txt'))) return;
  try {
    await ensureAddon();
    await ensureBuilt('page');
  } catch (error) {
    // The test runner shows an error by its own fields; the reason is to be read whole.
    throw error instanceof AddonBuildError ? new Error(error.message, { cause: error }) : error;
  }
}
