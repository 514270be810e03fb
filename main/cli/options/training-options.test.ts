import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CpuOptimization } from '../../../shared/domain/cpu-optimization.ts';
import { DataConfig } from '../../../shared/domain/data-config.ts';
import { LoraConfig } from '../../../shared/domain/lora-config.ts';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { TrainingSettings } from '../../../shared/domain/training-settings.ts';
import { addConfigFlags, configFromFlags, engineOnlyRows, trainingRows } from './training-options.ts';

const parse = (...args: string[]): TrainingConfigInput => {
  const command = addConfigFlags(new Command().exitOverride(), trainingRows, { columns: true }).parse(args, { from: 'user' });
  return configFromFlags(command.opts());
};

describe('training flags', () => {
  it('has a flag for every key of the blocks, and no other', () => {
    const keys = [
      ...Object.keys(LoraConfig.shape).map((key) => `lora.${key}`),
      ...Object.keys(TrainingSettings.shape).map((key) => `training.${key}`),
      ...Object.keys(CpuOptimization.shape).map((key) => `cpu_optimization.${key}`),
      ...Object.keys(DataConfig.shape).map((key) => `data.${key}`),
    ].filter((key) => key !== 'data.path' && key !== 'data.columns');
    expect(trainingRows.map(({ block, key }) => `${block}.${key}`).toSorted()).toEqual(keys.toSorted());
  });

  it('reads numbers, words, lists, booleans and mappings', () => {
    const config = parse(
      '--rank',
      '8',
      '--epochs',
      '2',
      '--target-modules',
      'q_proj, v_proj',
      '--use-simd',
      'false',
      '--max-steps',
      'none',
      '--columns',
      'prompt=q,completion=a',
      '--eval-data',
      'e.jsonl',
    );
    expect(config).toEqual({
      lora: { rank: 8, target_modules: ['q_proj', 'v_proj'] },
      training: { max_epochs: 2, max_steps: null },
      cpu_optimization: { use_simd: false },
      data: { eval_path: 'e.jsonl', columns: { prompt: 'q', completion: 'a' } },
    });
    expect(TrainingConfigInput.parse(config)).toEqual(config);
  });

  it('has int8 for training only', () => {
    expect(parse('--precision', 'int8')).toEqual({ training: { precision: 'int8' } });
    const scoring = addConfigFlags(new Command().exitOverride(), engineOnlyRows, { columns: false });
    const failure = { code: 'USAGE', message: '--precision must be one of auto, fp32, bf16, not "int8"' };
    expect(() => scoring.parse(['--precision', 'int8'], { from: 'user' })).toThrow(expect.objectContaining(failure) as Error);
  });

  it('knows the second spellings', () => {
    expect(parse('--targets', 'all-linear', '--max-epochs', '1')).toEqual({ lora: { target_modules: 'all-linear' }, training: { max_epochs: 1 } });
  });

  it('gathers prompts, commas and all', () => {
    expect(parse('--sample-prompt', 'Hello, you', '--sample-prompt', 'b').training?.sample_prompts).toEqual(['Hello, you', 'b']);
  });

  it.each([
    [['--rank', '0'], '--rank must be at least 1, not 0'],
    [['--rank', 'many'], '--rank must be a number, not "many"'],
    [['--schedule', 'cosin'], '--schedule must be one of linear, cosine, constant, not "cosin"'],
    [['--learning-rate', '-1'], '--learning-rate must be more than 0, not -1'],
    [['--columns', 'prompt'], '--columns prompt is not understood'],
  ])('%j', (args, message) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ code: 'USAGE', message }) as Error);
  });
});
