import { expect, it } from 'vitest';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { inDeployOrder } from './version-choices.ts';

const version = (number: string, more: Partial<Version>): Version => ({ name: 'router', version: number, kind: 'adapter', state: 'draft', ...more }) as Version;

it('offers approved adapters first, and nothing that could not be delivered', () => {
  const all = [
    version('4.0.0', {}),
    version('3.0.0', { state: 'retired' }),
    version('2.0.0', { kind: 'note', state: 'approved' }),
    version('1.0.0', { state: 'approved' }),
  ];
  expect(inDeployOrder(all).map(({ version: number }) => number)).toEqual(['1.0.0', '4.0.0']);
});
