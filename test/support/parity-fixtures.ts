/** Finds the folders of reference values that lie beside the checkout; tests that need them are skipped where they are missing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const beside = fileURLToPath(new URL('../../../shared/parity', import.meta.url));

/** The fixtures' folder (LATHE_TEST_PARITY or ../shared/parity), or null if there is none. */
export const parityFolder: string | null = [process.env['LATHE_TEST_PARITY'] ?? beside].find((folder) => existsSync(folder)) ?? null;

/** Every fixture folder with a model and an adapter in it. */
export const parityFamilies: readonly string[] =
  parityFolder === null ? [] : readdirSync(parityFolder).filter((name) => existsSync(join(parityFolder, name, 'adapter', 'adapter_config.json')));
