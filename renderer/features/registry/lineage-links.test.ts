import { expect, it } from 'vitest';
import { lineageLink } from './lineage-links.ts';

const shelves = { models: new Set(['base']), datasets: new Set(['rows']) };

it('leads to what has a page, and nowhere else', () => {
  const link = (kind: Parameters<typeof lineageLink>[0]['kind'], label: string, facts = {}) => lineageLink({ kind, label, facts }, shelves);
  expect(link('version', 'support@1.0.0-rc.1')).toBe('/registry/support/1.0.0-rc.1');
  expect(link('run', '20260101-000000-abcd')).toBe('/runs/20260101-000000-abcd');
  expect([link('base_model', 'base'), link('base_model', 'elsewhere')]).toEqual(['/models/base', null]);
  expect([link('dataset', 'rows'), link('dataset', 'elsewhere')]).toEqual(['/datasets/rows', null]);
  expect([link('adapter', '/a', { run: 'r' }), link('adapter', '/a', { run: null })]).toEqual(['/runs/r', null]);
});
