import { expect, it } from 'vitest';
import { formatParameters, modelLine, shownFacts } from './file-facts.ts';

it('shows what is known, in its order', () => {
  expect(shownFacts({ architecture: 'llama', bytes: 2_097_152, licence: null, has_chat_template: true, tensor_types: ['f16: 2', 'f32: 1'] })).toEqual([
    { name: 'Architecture', value: 'llama' },
    { name: 'Size', value: '2.00 MiB' },
    { name: 'Has chat template', value: 'yes' },
    { name: 'Tensor types', value: 'f16: 2, f32: 1' },
  ]);
});

it('counts parameters as they are spoken of', () => {
  expect([1_049_728, 134_515_008, 1_235_814_400, 9_500].map(formatParameters)).toEqual(['1 M', '135 M', '1.2 B', '9.5 K']);
});

it('says a model in a line, as far as it is known', () => {
  expect(modelLine({ architecture: 'llama', parameters: 134_515_008, quantisation: 'q4_1', bytes: 98_362_432, licence: 'apache-2.0' })).toBe(
    'llama · 135 M parameters · q4_1 · 93.8 MiB · apache-2.0',
  );
  expect(modelLine({})).toBe('');
});
