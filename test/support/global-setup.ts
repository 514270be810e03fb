/** Before the first test: the native engine is built, where its sources are. LATHE_SKIP_BUILD=1 leaves that out. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AddonBuildError, ensureAddon } from '../../main/cli/build-native.js';

export async function setup(): Promise<void> {
  if (process.env['LATHE_SKIP_BUILD'] !== undefined || !existsSync(join(import.meta.dirname, '..', '..', 'compute', 'native', 'CMakeLists.txt'))) return;
  try {
    await ensureAddon();
  } catch (error) {
    // The test runner shows an error by its own fields; the reason is to be read whole.
    throw error instanceof AddonBuildError ? new Error(error.message, { cause: error }) : error;
  }
}
