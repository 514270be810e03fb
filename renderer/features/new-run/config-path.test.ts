import { expect, it } from 'vitest';
import { valueAt, withValue, writtenPaths } from './config-path.ts';

const config = { model: 'm', training: { max_epochs: 2 } };

it('reads what is written and nothing else', () => {
  expect(valueAt(config, 'model')).toBe('m');
  expect(valueAt(config, 'training.max_epochs')).toBe(2);
  expect(valueAt(config, 'training.seed')).toBeUndefined();
  expect(valueAt(config, 'lora.rank')).toBeUndefined();
});

it('changes one key and leaves the rest and the order of blocks alone', () => {
  expect(withValue(config, 'training.seed', 7)).toEqual({ model: 'm', training: { max_epochs: 2, seed: 7 } });
  expect(withValue(config, 'lora.rank', 8)).toEqual({ ...config, lora: { rank: 8 } });
  expect(Object.keys(withValue(config, 'model', 'n'))).toEqual(['model', 'training']);
  expect(config).toEqual({ model: 'm', training: { max_epochs: 2 } });
});

it('takes a block away with its last key', () => {
  expect(withValue(config, 'training.max_epochs', undefined)).toEqual({ model: 'm' });
  expect(withValue(config, 'model', undefined)).toEqual({ training: { max_epochs: 2 } });
  expect(withValue(config, 'data.path', undefined)).toEqual(config);
});

it('lists what is written', () => {
  expect(writtenPaths({ model: 'm', data: { path: 'p', columns: { prompt: 'q' } } })).toEqual(['model', 'data.path', 'data.columns']);
});
