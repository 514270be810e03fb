import { expect, it } from 'vitest';
import { resolveTrainingConfig } from '../../../shared/domain/resolve-training-config.ts';
import { inputOfRun } from './input-of-run.ts';

it('gives back what was written, and that alone', () => {
  const written = { model: '/m.gguf', data: { path: '/rows.jsonl', holdout_fraction: 0.1 }, lora: { rank: 8 }, training: { warmup_steps: 100 } };
  const request = resolveTrainingConfig(written, { model: '/m.gguf', dataPath: '/rows.jsonl', cores: 2 });
  expect(inputOfRun(request)).toEqual(written);
});
