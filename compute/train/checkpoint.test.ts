/** Checkpoints as files: what stays of them, and what of them is used. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { AdamW } from './adamw.ts';
import { checkpointPath, findCheckpoint, hasCheckpoints, pruneCheckpoints, writeCheckpoint } from './checkpoint.ts';
import { freshState } from './trainer.ts';

const optimizer = new AdamW([], { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
const folder = temporaryFolder();

const save = async (checkpoints: string, step: number, keep: number): Promise<void> => {
  await writeCheckpoint(checkpoints, { state: { ...freshState, step }, parameters: [], optimizer });
  pruneCheckpoints(checkpoints, { keep, best: null });
};

describe('the checkpoints of a run', () => {
  it('are as many as are to be kept, the newest ones', async () => {
    const checkpoints = join(folder, 'kept');
    for (const step of [1, 2, 3]) await save(checkpoints, step, 2);
    truncateSync(join(checkpointPath(checkpoints, 3), 'state.json'), 3);
    expect(findCheckpoint(checkpoints)?.state.step).toBe(2);
    expect(hasCheckpoints(join(checkpoints, 'none'))).toBe(false);
  });

  it('lose a damaged one of a later step to the first that is sound again', async () => {
    const checkpoints = join(folder, 'passed-over');
    for (const step of [20, 29, 30]) await save(checkpoints, step, 3);
    for (const step of [29, 30]) truncateSync(join(checkpointPath(checkpoints, step), 'parameters.safetensors'), 1);
    expect(findCheckpoint(checkpoints)?.state.step).toBe(20);
    await save(checkpoints, 25, 2);
    expect(findCheckpoint(checkpoints)).toMatchObject({ state: { step: 25 }, damaged: [] });
  });
});
