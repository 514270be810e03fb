import { expect, it } from 'vitest';
import { differences } from './differences.ts';

it('shows only what differs, whole lists at once', () => {
  const one = { lora: { rank: 8, target_modules: ['q_proj', 'v_proj'] }, training: { seed: 1 } };
  const other = { lora: { rank: 16, target_modules: ['q_proj'] }, training: { seed: 1 }, model: 'm' };
  expect(differences([one, other])).toEqual([
    { field: 'lora.rank', values: ['8', '16'] },
    { field: 'lora.target_modules', values: ['["q_proj","v_proj"]', '["q_proj"]'] },
    { field: 'model', values: [null, 'm'] },
  ]);
});

it('finds nothing in equals', () => {
  expect(differences([{ a: { b: null } }, { a: { b: null } }])).toEqual([]);
});
