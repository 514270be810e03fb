import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { loraDefaults } from '../../../shared/domain/lora-config.ts';
import { readConfigFile } from './read-config-file.ts';

const examples = join(import.meta.dirname, '..', '..', '..', 'resources', 'config');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lathe-config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  const path = join(folder, 'run.yaml');
  writeFileSync(path, text);
  return readConfigFile(path);
};

const failure = (text: string): { code?: string; where?: string; problem?: string; hint?: string } => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.facts, where: String((error.facts as { where?: string }).where).replace(folder, '.') };
    throw error;
  }
  return {};
};

describe('readConfigFile', () => {
  it('refuses an unknown key by name and line, and suggests the right one', () => {
    const found = failure('# comment\nlora:\n  alpha: 2\n  rnak: 8\ntraining: {}\n');
    expect(found).toEqual({ code: 'CONFIG_INVALID', where: './run.yaml line 4', problem: 'unknown key lora.rnak', hint: 'Did you mean rank?' });
  });

  it('lists what there is where nothing is near', () => {
    expect(failure('hana:\n  zzz: 1\n  connection: x\n').hint).toBe('Known keys: connection.');
    expect(failure('data: {colour: red}').problem).toBe('unknown key data.colour');
  });

  it.each([
    ['lora: {rank: 0}', 'lora.rank must be at least 1, not 0'],
    ['lora:\n  rank: 1.5', 'lora.rank must be a whole number, not 1.5'],
    ['lora: {rank: "8"}', 'lora.rank must be a number, not "8"'],
    ['lora: {rank: .nan}', 'lora.rank must be a number, not null'],
    ['lora: {dropout: 1}', 'lora.dropout must be less than 1, not 1'],
    ['lora: {target_modules: q_proj}', 'lora.target_modules must be a list of layer names such as [q_proj, v_proj], or all-linear, not "q_proj"'],
    ['lora: {target_modules: []}', 'lora.target_modules must have at least 1 entry'],
    ['training: {learning_rate: 0}', 'training.learning_rate must be more than 0, not 0'],
    ['training: {schedule: cosin}', 'training.schedule must be one of linear, cosine, constant, not "cosin"'],
    ['training: {sample_prompts: [a, 3]}', 'training.sample_prompts.1 must be text, not 3'],
    ['training: fast', 'training must be a block of keys, not "fast"'],
    ['model: ""', 'model must not be empty'],
    ['deployment: {max_latency: 2 parsecs}', 'deployment.max_latency must be a time such as 30s, 5m or 2h, not "2 parsecs"'],
    ['just words', 'the file must be a block of keys, not "just words"'],
  ])('%s', (text, problem) => {
    expect(failure(text)).toMatchObject({ code: 'CONFIG_INVALID', problem });
  });

  it('names the first wrong line', () => {
    expect(failure('training:\n  seed: -1\nlora:\n  rank: 0\n').where).toBe('./run.yaml line 2');
    expect(failure('training:\n  sample_prompts:\n    - a\n    - 3\n').where).toBe('./run.yaml line 4');
  });

  it('names the line of broken YAML, and of a key given twice', () => {
    expect(failure('lora:\n  rank: [1\nfoo: 2\n')).toMatchObject({ code: 'CONFIG_INVALID', where: expect.stringMatching(/line [23]$/) });
    expect(failure('model: a\nmodel: b\n')).toMatchObject({ code: 'CONFIG_INVALID', where: './run.yaml line 2' });
  });

  it('takes an empty file, numbers in scientific notation and anchors', () => {
    expect(read('').config).toEqual({});
    expect(read('training: &t {learning_rate: 2e-4}\n').config.training).toEqual({ learning_rate: 2e-4 });
  });

  it('says where a key is', () => {
    const { where } = read('model: a\n\nscheduler:\n  max_concurrency: 1\n');
    expect(where(['scheduler'])).toMatch(/line 3$/);
  });

  it('names a file that is not there', () => {
    expect(() => readConfigFile(join(folder, 'none.yaml'))).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }) as Error);
  });
});

describe('resources/config', () => {
  const files = readdirSync(examples).filter((name) => /\.ya?ml(\.example)?$/.test(name));

  it.each(files)('%s is a sound configuration', (name) => {
    expect(Object.keys(readConfigFile(join(examples, name)).config)).not.toEqual([]);
  });

  it('has the three examples, whose training values are the defaults', () => {
    expect(files).toEqual(expect.arrayContaining(['automation_config.yaml.example', 'deployment_config.yaml.example', 'training_config.yaml.example']));
    const { config } = readConfigFile(join(examples, 'training_config.yaml.example'));
    expect(trainingDefaults).toMatchObject(config.training ?? {});
    expect(loraDefaults).toMatchObject(config.lora ?? {});
  });
});
