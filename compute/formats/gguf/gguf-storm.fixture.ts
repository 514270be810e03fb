/** The storm that gguf-fuzz.test.ts runs briefly and gguf-fuzz.long.test.ts at length: hostile headers, and damage to a sound file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { damaged, hostileHeader, readHostile } from './gguf-fuzz.fixture.ts';
import { writeGguf } from './gguf-writer.ts';
import { tinyMetadata, tinyTensors } from './tiny-gguf.fixture.ts';

export function describeStorm({ headers, damages }: { readonly headers: number; readonly damages: number }): void {
  const folder = temporaryFolder();
  const target = join(folder, 'hostile.gguf');
  const read = (bytes: Buffer): void => {
    readHostile(target, bytes);
  };
  describe('readGguf under fire', () => {
    it('refuses hostile headers by name, without large allocations', () => {
      fc.assert(fc.property(hostileHeader, read), { numRuns: headers });
    });

    it('survives damage to a sound file', async () => {
      const path = join(folder, 'sound.gguf');
      await writeGguf(path, { metadata: tinyMetadata(), tensors: tinyTensors() });
      fc.assert(fc.property(damaged(readFileSync(path).subarray(0, 4096)), read), { numRuns: damages });
    });
  });
}
