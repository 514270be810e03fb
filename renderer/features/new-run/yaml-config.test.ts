import { expect, it } from 'vitest';
import { presets, withPreset } from './presets.ts';
import { fromYaml, toYaml } from './yaml-config.ts';

it('comes back as it went', () => {
  const config = {
    model: '/m.gguf',
    data: { path: 'C:\\rows.jsonl', columns: { prompt: 'the question: ' } },
    training: { learning_rate: 2e-4, sample_prompts: ['a', '- b'] },
  };
  expect(fromYaml(toYaml(config))).toEqual({ config });
  for (const preset of presets) {
    const taken = withPreset(config, preset);
    expect(fromYaml(toYaml(taken))).toEqual({ config: taken });
  }
});

it('takes an empty text for an empty draft', () => {
  expect(toYaml({})).toBe('');
  expect(fromYaml('')).toEqual({ config: {} });
  expect(fromYaml('# nothing yet\n')).toEqual({ config: {} });
});

it('names the line of broken YAML', () => {
  const result = fromYaml('model: m\nlora: {rank: 8\ntraining:\n  seed: 1\n');
  expect('problems' in result && result.problems[0]?.line).toBe(3);
});

it('names every unknown key and every wrong value, each with its line', () => {
  expect(fromYaml('model: m\ntraining:\n  epochs: 3\n  seed: 1\n  learning_rate: fast\nlora:\n  rank: 0\nfoo: 1\n')).toEqual({
    problems: [
      { line: 3, text: 'There is no setting training.epochs.' },
      { line: 5, text: 'training.learning_rate must be a number, not "fast".' },
      { line: 7, text: 'lora.rank must be at least 1, not 0.' },
      { line: 8, text: 'There is no setting foo.' },
    ],
  });
});

it('says so where the text is no block of keys', () => {
  expect(fromYaml('- a\n- b\n')).toEqual({ problems: [{ line: 1, text: expect.stringContaining('must be a block of keys') }] });
});
