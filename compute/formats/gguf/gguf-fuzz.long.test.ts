/** The long storm of hostile headers; gguf-fuzz.test.ts is the short one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { damaged, hostileHeader, readHostile } from './gguf-fuzz.fixture.ts';
import { writeGguf } from './gguf-writer.ts';
import { tinyMetadata, tinyTensors } from './tiny-gguf.fixture.ts';

const folder = temporaryFolder();
const target = join(folder, 'hostile.gguf');

describe('readGguf under fire', () => {
  it('refuses hostile headers by name, without large allocations', () => {
    fc.assert(
      fc.property(hostileHeader, (bytes) => {
        readHostile(target, bytes);
      }),
      { numRuns: 50_000 },
    );
  });

  it('survives damage to a sound file', async () => {
    const path = join(folder, 'sound.gguf');
    await writeGguf(path, { metadata: tinyMetadata(), tensors: tinyTensors() });
    fc.assert(
      fc.property(damaged(readFileSync(path).subarray(0, 4096)), (bytes) => {
        readHostile(target, bytes);
      }),
      { numRuns: 25_000 },
    );
  });
});
