/** Puts a graph of origins on a plane: what came first stands at the left. */
import { Graph, layout, type EdgeLabel, type NodeLabel } from '@dagrejs/dagre';
import type { Lineage, LineageNode } from '../../../shared/contracts/registry-calls.ts';

export interface PlacedNode extends LineageNode {
  /** Its upper left corner. */
  readonly x: number;
  readonly y: number;
  /** Labels of what it was made from. */
  readonly from: readonly string[];
}

export interface PlacedLineage {
  readonly width: number;
  readonly height: number;
  /** From left to right, in a column from top to bottom: the order in which they are reached by keyboard. */
  readonly nodes: readonly PlacedNode[];
  /** Paths of SVG. */
  readonly edges: readonly { readonly id: string; readonly path: string }[];
}

export const nodeSize = { width: 208, height: 58 } as const;
const margin = 12;

export function placeLineage({ nodes, edges }: Lineage): PlacedLineage {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const graph = new Graph<object, NodeLabel, EdgeLabel>();
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 64, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize });
  for (const { from, to } of drawn) graph.setEdge(from, to, {});
  layout(graph);
  const placed = nodes.map((node): PlacedNode => {
    const { x = 0, y = 0 } = graph.node(node.id);
    const from = drawn.filter(({ to }) => to === node.id).flatMap((edge) => known.get(edge.from)?.label ?? []);
    return { ...node, x: x - nodeSize.width / 2, y: y - nodeSize.height / 2, from };
  });
  const place = new Map(placed.map((node) => [node.id, node]));
  return {
    width: Math.max(0, ...placed.map(({ x }) => x + nodeSize.width)) + margin,
    height: Math.max(0, ...placed.map(({ y }) => y + nodeSize.height)) + margin,
    nodes: placed.toSorted((one, other) => one.x - other.x || one.y - other.y),
    edges: drawn.map(({ from, to, relation }) => ({
      id: `${from} ${to} ${relation}`,
      path: pathOf(betweenPorts(place.get(from), place.get(to), graph.edge(from, to).points)),
    })),
  };
}

/** Out at the right of one, in at the left of the other; round what stands between them where it goes far. */
function betweenPorts(from: PlacedNode | undefined, to: PlacedNode | undefined, points: readonly Point[] = []): readonly Point[] {
  if (from === undefined || to === undefined) return [];
  const between = points.slice(1, -1);
  const [start, end] = [
    { x: from.x + nodeSize.width, y: from.y + nodeSize.height / 2 },
    { x: to.x, y: to.y + nodeSize.height / 2 },
  ];
  return [start, ...(between.length > 1 ? between : []), end];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Through its points in curves that leave and arrive level. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let last = first;
  const curves = rest.map((point) => {
    const middle = (last.x + point.x) / 2;
    const curve = `C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    last = point;
    return curve;
  });
  return `M${first.x} ${first.y}${curves.join('')}`;
}
