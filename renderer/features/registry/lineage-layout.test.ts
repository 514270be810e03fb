import { expect, it } from 'vitest';
import type { Lineage } from '../../../shared/contracts/registry-calls.ts';
import { nodeSize, placeLineage } from './lineage-layout.ts';

const node = (id: string, kind: Lineage['nodes'][number]['kind']) => ({ id, kind, label: id.toUpperCase(), facts: {} });
const lineage: Lineage = {
  nodes: [node('version', 'version'), node('run', 'run'), node('base', 'base_model'), node('data', 'dataset'), node('other', 'version')],
  edges: [
    { from: 'base', to: 'run', relation: 'base_of' },
    { from: 'data', to: 'run', relation: 'data_of' },
    { from: 'run', to: 'version', relation: 'registered_as' },
    { from: 'run', to: 'other', relation: 'registered_as' },
    { from: 'gone', to: 'run', relation: 'continued_by' },
  ],
};

it('stands what came first at the left, and reads in that order', () => {
  const { nodes } = placeLineage(lineage);
  const x = new Map(nodes.map((each) => [each.id, each.x]));
  for (const { from, to } of lineage.edges.slice(0, 4)) expect((x.get(from) ?? 0) + nodeSize.width).toBeLessThan(x.get(to) ?? 0);
  expect(new Set(nodes.slice(0, 2).map(({ id }) => id))).toEqual(new Set(['base', 'data']));
  expect(nodes[2]?.id).toBe('run');
});

it('lets no two of them overlap, and holds them all', () => {
  const { nodes, width, height } = placeLineage(lineage);
  for (const [index, one] of nodes.entries()) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.y).toBeGreaterThanOrEqual(0);
    expect(one.x + nodeSize.width).toBeLessThanOrEqual(width);
    expect(one.y + nodeSize.height).toBeLessThanOrEqual(height);
    for (const other of nodes.slice(index + 1)) expect(Math.abs(one.x - other.x) >= nodeSize.width || Math.abs(one.y - other.y) >= nodeSize.height).toBe(true);
  }
});

it('draws the edges whose ends are there, and says what each was made from', () => {
  const { nodes, edges } = placeLineage(lineage);
  expect(edges).toHaveLength(4);
  for (const { path } of edges) expect(path).toMatch(/^M[\d.]+ [\d.]+(C[\d. ]+)+$/);
  expect(nodes.find(({ id }) => id === 'run')?.from).toEqual(['BASE', 'DATA']);
  expect(nodes.find(({ id }) => id === 'base')?.from).toEqual([]);
});

it('draws nothing of nothing', () => {
  expect(placeLineage({ nodes: [], edges: [] })).toMatchObject({ nodes: [], edges: [] });
});
