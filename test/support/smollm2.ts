/** Where tests find the real model and the reference numbers, and the sentence they skip with when these are not there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const smollm2File = { name: 'SmolLM2-135M-Instruct.Q4_1.gguf', sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53' };
export const gemmaFile = { name: 'gemma-3-270m-Q4_K_M.gguf', sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818' };

export const cacheFolder = (): string => join(homedir(), '.cache', 'lathe-test');

const found = (path: string): string | null => (existsSync(path) ? path : null);

/** SmolLM2-135M-Instruct as GGUF: LATHE_TEST_SMOLLM2, else the cache that fetch-smollm2.ts fills. */
export const findSmollm2 = (): string | null => found(process.env['LATHE_TEST_SMOLLM2'] ?? join(cacheFolder(), smollm2File.name));

/** Gemma 3 270M as GGUF: LATHE_TEST_GEMMA3, else the same cache. */
export const findGemma3 = (): string | null => found(process.env['LATHE_TEST_GEMMA3'] ?? join(cacheFolder(), gemmaFile.name));

/** A file of the reference numbers: in LATHE_TEST_SHARED, else in the `shared` folder beside the checkout. */
export function findShared(...path: string[]): string | null {
  const shared = process.env['LATHE_TEST_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', 'shared');
  return found(join(shared, ...path));
}

export const withoutSmollm2 = 'SmolLM2 is not here; `node test/support/fetch-smollm2.ts` (Node 24) fetches it, or LATHE_TEST_SMOLLM2 names it';
export const withoutGemma3 = 'Gemma 3 270M is not here; `node test/support/fetch-smollm2.ts --gemma` (Node 24) fetches it, or LATHE_TEST_GEMMA3 names it';
export const withoutShared = 'the reference numbers are not beside the checkout; LATHE_TEST_SHARED names their folder';
