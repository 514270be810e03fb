import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { owned, zeros } from '../tensor/tensor.ts';
import { writeProfile } from './kernel-profile.ts';

const folder = temporaryFolder();

describe('writeProfile', () => {
  it('writes a row for each kernel that ran, and nothing where it is off', async () => {
    loadAddon().resetCounters();
    const tensor = owned(() => zeros('f32', [1000]));
    loadAddon().sumOfSquares(tensor.id);
    tensor.release();
    await writeProfile(folder, { debug: false, profile: false, profile_path: 'off' }, 1);
    expect(existsSync(join(folder, 'off'))).toBe(false);
    await writeProfile(folder, { debug: false, profile: true, profile_path: 'profiles' }, 1);
    const lines = readFileSync(join(folder, 'profiles', 'kernels.tsv'), 'utf8')
      .trim()
      .split('\n');
    expect(lines[0]).toMatch(/^kernel\tcalls/);
    expect(lines.slice(1).map((line) => line.split('\t').slice(0, 2))).toContainEqual(['sum_of_squares', '1']);
  });
});
