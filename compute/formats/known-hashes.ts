/** SHA-256 of files that are hashed at every start: remembered for as long as the file system says that the file is as it was. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { fileState } from './file-state.ts';
import { Remembered } from './remembered.ts';
import { sha256OfFile, type HashOf } from './sha256.ts';

const KnownHash = z.strictObject({ state: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** `onHash` is told of each file that is read after all, and how long it took. */
export function knownHashes(cacheDirectory: string, onHash: (path: string, ms: number) => void = () => undefined): HashOf {
  const known = new Remembered(cacheDirectory, 'sha256-1', KnownHash);
  return async (path) => {
    const before = fileState(path);
    const key = [resolve(path)];
    const found = known.recall(key);
    if (found !== null && found.state === before.state) return found.sha256;
    const started = performance.now();
    const sha256 = await sha256OfFile(path);
    onHash(path, performance.now() - started);
    if (before.isSettled && fileState(path).state === before.state) known.remember(key, { state: before.state, sha256 });
    return sha256;
  };
}
