import { expect, it } from 'vitest';
import { evidenceOf } from './evidence-rows.ts';

it('tells judgements from facts', () => {
  const { checks, rows } = evidenceOf({ checks: [{ name: 'adapter_active', verdict: 'pass', words: 'its answers differ', moved: 3 }], bytes: 2_048 });
  expect(checks).toEqual([{ name: 'Adapter active', verdict: 'pass', words: 'its answers differ' }]);
  expect(rows).toEqual([{ name: 'Bytes', value: '2.00 KiB' }]);
});

it('writes values as people read them', () => {
  const { rows } = evidenceOf({ was_there: false, from: null, unloaded: ['a', 'b'], removed: [], ms: 12.4, new: { requests: 3, p95_ms: 40.2 } });
  expect(rows.map(({ name, value }) => `${name} = ${value}`)).toEqual([
    'Was there = no',
    'From = —',
    'Unloaded = a, b',
    'Removed = —',
    'Ms = 12 ms',
    'New: requests = 3',
    'New: p95 = 40 ms',
  ]);
});

it('leaves out what the runner notes for itself', () => {
  expect(evidenceOf({ waits_for: 'accept', began: '2026-01-01T00:00:00.000Z' }).rows).toEqual([]);
});

it('takes what is no judgement for none', () => {
  expect(evidenceOf({ checks: ['odd', { name: 'x' }] }).checks).toEqual([]);
});
