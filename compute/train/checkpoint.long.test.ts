/** A checkpoint of more than 2 GiB, as training every weight of a model of 300 million makes one: no such file can be read whole. */
import { truncateSync, readFileSync, writeFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import { AdamW } from './adamw.ts';
import { problemOf, writeCheckpoint } from './checkpoint.ts';
import { freshState } from './trainer.ts';

const folder = temporaryFolder();

it('checks files that do not fit into one buffer', { timeout: 120_000 }, async () => {
  const optimizer = new AdamW([], { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const path = await writeCheckpoint(folder, { state: { ...freshState, step: 1 }, parameters: [], optimizer });
  const [large, manifest] = [join(path, 'optimizer.safetensors'), join(path, 'manifest.json')];
  truncateSync(large, 2 ** 31 + 4096);
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Record<string, unknown> };
  content.files['optimizer.safetensors'] = { bytes: statSync(large).size, sha256: await sha256OfFile(large) };
  writeFileSync(manifest, JSON.stringify(content));
  expect(problemOf(path)).toBeNull();
});
