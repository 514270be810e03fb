import { expect, it } from 'vitest';
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { evidenceOf } from './evidence-rows.ts';

const found = (evidence: DeploymentStep['evidence'], kind: DeploymentStep['kind'] = 'load') => evidenceOf({ kind, evidence });

it('tells judgements from facts', () => {
  const { checks, rows } = found({ checks: [{ name: 'adapter_active', verdict: 'pass', words: 'its answers differ', moved: 3 }], bytes: 2_048 });
  expect(checks).toEqual([{ name: 'Adapter active', verdict: 'pass', words: 'its answers differ' }]);
  expect(rows).toEqual([{ name: 'Bytes', value: '2.00 KiB' }]);
});

it('writes values as people read them', () => {
  const { rows } = found({ was_there: false, from: null, unloaded: ['a', 'b'], removed: [], ms: 12.4, new: { requests: 3, p95_ms: 40.2 } });
  expect(rows.map(({ name, value }) => `${name} = ${value}`)).toEqual([
    'Was there already = no',
    'From = —',
    'Unloaded = a, b',
    'Removed = —',
    'Time = 12 ms',
    'New: requests = 3',
    'New: 95 of 100 within = 40 ms',
  ]);
});

it('leaves out what the runner notes for itself', () => {
  expect(found({ waits_for: 'accept', began: '2026-01-01T00:00:00.000Z' }).rows).toEqual([]);
});

it('takes what is no judgement for none', () => {
  expect(found({ checks: ['odd', { name: 'x' }] }).checks).toEqual([]);
});

it('tells how much of a delivery has arrived while it is on its way', () => {
  expect(found({ share: 0.4 }, 'deliver').rows).toEqual([{ name: 'Arrived', value: '40.0 %' }]);
  expect(found({ share: 1, bytes: 1 }, 'deliver').rows.map(({ name }) => name)).toEqual(['Bytes']);
  expect(found({ share: 25 }, 'shift').rows).toEqual([{ name: 'Share', value: '25' }]);
});
