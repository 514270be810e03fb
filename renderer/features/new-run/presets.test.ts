import { describe, expect, it } from 'vitest';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { demoPreset, presetOf, presets, withPreset } from './presets.ts';

describe.each(presets)('$id', (preset) => {
  it('is valid under the schema as it stands', () => {
    expect(TrainingConfigInput.parse(preset.recipe)).toEqual(preset.recipe);
  });

  it('is found again after it was taken, and not after a change', () => {
    const taken = withPreset({ model: 'm', training: { seed: 3 } }, preset);
    expect(taken.model).toBe('m');
    expect(presetOf(taken, presets)).toBe(preset.id);
    expect(presetOf({ ...taken, lora: { ...taken.lora, rank: 99 } }, presets)).toBeNull();
  });
});

it('replaces one by the other and keeps what belongs to the machine', () => {
  const [quick, balanced] = presets;
  if (quick === undefined || balanced === undefined) throw new Error('there are three');
  const config = withPreset({ cpu_optimization: { num_workers: 2 } }, quick);
  expect(withPreset(config, balanced)).toEqual({ cpu_optimization: { num_workers: 2 } });
});

it('takes no more of the demo than its recipe', () => {
  const demo = demoPreset({ model: 'm', data: { path: 'p' }, lora: { rank: 16 }, training: { learning_rate: 4e-3 } });
  expect(demo.recipe).toEqual({ lora: { rank: 16 }, training: { learning_rate: 4e-3 } });
  expect(presetOf(withPreset({}, demo), [...presets, demo])).toBe('demo');
});
