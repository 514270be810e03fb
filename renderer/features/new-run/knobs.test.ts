import { describe, expect, it } from 'vitest';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { knobs as words } from '../../texts/knobs.ts';
import { blocks, defaultAt, fileKnobs, knobGroups, knobKind, schemaAt, shownWithTheData } from './knobs.ts';

const everyKey = Object.entries(blocks).flatMap(([block, { shape }]) => Object.keys(shape).map((key) => `${block}.${key}`));
const shown = Object.values(knobGroups).flat();

it('has every key of every block in exactly one place', () => {
  expect(Object.keys(TrainingConfigInput.shape).toSorted()).toEqual([...Object.keys(blocks), 'model'].toSorted());
  expect([...shown, ...shownWithTheData].toSorted()).toEqual(everyKey.toSorted());
});

it('names and explains every one, and nothing that is not there', () => {
  const withWords = [...shown, 'data.holdout_fraction', 'data.eval_path'].toSorted();
  expect(Object.keys(words).toSorted()).toEqual(withWords);
  for (const { help } of Object.values(words)) expect(help).toMatch(/[.:]$/);
});

describe.each(shown)('%s', (path) => {
  it('has a default that its schema takes', () => {
    const block = path.split('.')[0] ?? '';
    expect(schemaAt(path)).toBeDefined();
    expect(TrainingConfigInput.safeParse({ [block]: { [path.slice(block.length + 1)]: defaultAt(path, 4) } }).success).toBe(true);
  });
});

it('draws each by what its schema takes', () => {
  expect(knobKind('lora.rank')).toEqual({ kind: 'number' });
  expect(knobKind('training.max_steps')).toEqual({ kind: 'number' });
  expect(knobKind('training.schedule')).toEqual({ kind: 'choice', choices: ['linear', 'cosine', 'constant'] });
  expect(knobKind('logging.level')).toEqual({ kind: 'choice', choices: ['error', 'warn', 'info', 'debug'] });
  expect(knobKind('environment.debug')).toEqual({ kind: 'switch' });
  expect(knobKind('training.sample_prompts')).toEqual({ kind: 'lines' });
  expect(knobKind('environment.profile_path')).toEqual({ kind: 'text' });
  for (const path of Object.keys(fileKnobs)) expect(knobKind(path)).toEqual({ kind: 'file' });
});
