/**
 * Where a key stands in a document that was read with its places, and what it holds. Knows of YAML's nodes only their shape, so that the page and the command
 * line, which bring the reader, tell the same place.
 */

/** As much of a node as is needed: a map has pairs, a list has nodes. */
interface PlacedNode {
  readonly range?: readonly [start: number, ...rest: number[]] | null;
  readonly items?: readonly unknown[];
}

interface Pair {
  readonly key: PlacedNode & { readonly value?: unknown };
  readonly value: unknown;
}

const isPair = (item: unknown): item is Pair => typeof item === 'object' && item !== null && 'key' in item;
const itemsOf = (node: unknown): readonly unknown[] | undefined => (node as PlacedNode | null | undefined)?.items;
const startOf = (node: unknown): number | undefined => (node as PlacedNode | null | undefined)?.range?.[0];

/** Where the key (or the list entry) at `path` is written; the nearest parent where it is not; 0 where there is nothing. */
export function offsetAt(root: unknown, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const key of path) {
    const items = itemsOf(node);
    if (items === undefined) return offset;
    const pair = items.find((item): item is Pair => isPair(item) && String(item.key.value) === String(key));
    if (pair === undefined && (items.some(isPair) || typeof key !== 'number')) return offset;
    node = pair === undefined ? items[Number(key)] : pair.value;
    offset = startOf(pair === undefined ? node : pair.key) ?? offset;
  }
  return offset;
}

/** What stands at `path`; undefined where there is nothing. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);
