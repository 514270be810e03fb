import { expect, it } from 'vitest';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { settingsThatFit, withSettings } from './would-fit.ts';

it('reads what would fit, and it is valid', () => {
  const settings = settingsThatFit(
    'With --batch-size 1 --max-seq-length 256 --gradient-checkpointing on it needs 1.2 GiB and fits; 12 of 20 rows then have something to learn.',
  );
  const config = withSettings({ model: 'm', training: { seed: 1 } }, settings);
  expect(config).toEqual({ model: 'm', training: { seed: 1, batch_size: 1, max_seq_length: 256, gradient_checkpointing: 'on' } });
  expect(TrainingConfigInput.safeParse(config).success).toBe(true);
});

it('raises the pool for the smallest settings, and takes nothing that does not help', () => {
  const flags = '--batch-size 1 --max-seq-length 8 --gradient-checkpointing on';
  const sentence = `No setting fits: even with ${flags} it needs 1.2 GiB, and shorter rows leave nothing to learn;`;
  expect(settingsThatFit(`${sentence} raise --memory-pool-size to 64.`)).toEqual([
    { path: 'training.batch_size', value: 1 },
    { path: 'training.max_seq_length', value: 8 },
    { path: 'training.gradient_checkpointing', value: 'on' },
    { path: 'cpu_optimization.memory_pool_size', value: 64 },
  ]);
  expect(settingsThatFit(`${sentence} use a smaller or more strongly quantised model, or free memory.`)).toEqual([]);
  expect(settingsThatFit('Use a smaller or more strongly quantised model, or free memory.')).toEqual([]);
});
