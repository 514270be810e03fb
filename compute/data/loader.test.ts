import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countGraded, layoutRows } from './layout-rows.ts';
import { createLoader, loaderStart, shuffled, type RowSource } from './loader.ts';
import { splitRows } from './split.ts';
import { notGraded, type LoaderPosition, type RenderedRow } from './types.ts';

/** Row n has the token n first, so that it can be told apart. */
const sourceOf = (rows: number): RowSource => ({
  rows,
  read: (row) => ({ tokens: Int32Array.of(row, 7, 8), graded: Uint8Array.of(0, 0, 1) }),
});
const firsts = (rows: readonly RenderedRow[]): number[] => rows.map((row) => row.tokens[0] ?? -1);

describe('createLoader', () => {
  it('gives every row once an epoch, in another order each epoch, the last step being short', () => {
    const loader = createLoader({ cache: sourceOf(10), batchSize: 2, accumulation: 2, seed: 1 });
    expect([loader.rowsPerStep, loader.stepsPerEpoch]).toEqual([4, 3]);
    const epochs: number[][] = [[], []];
    let position = loaderStart;
    for (const size of [4, 4, 2, 4, 4, 2]) {
      const batch = loader.read(position);
      expect([batch.rows.length, batch.gradedTokens]).toEqual([size, size]);
      epochs[position.epoch]?.push(...firsts(batch.rows));
      position = batch.next;
    }
    expect(position).toEqual({ epoch: 2, row: 0 });
    const all = Array.from({ length: 10 }, (_, i) => i);
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(all);
  });

  it('reads the same from a position, whoever asks and whatever was read before', () => {
    const make = (): ReturnType<typeof createLoader> => createLoader({ cache: sourceOf(23), batchSize: 3, accumulation: 1, seed: 42 });
    const seen = new Map<string, number[]>();
    const loader = make();
    for (let position: LoaderPosition = loaderStart; position.epoch < 3; position = loader.read(position).next) {
      seen.set(JSON.stringify(position), firsts(loader.read(position).rows));
    }
    for (const [position, rows] of [...seen].toReversed()) expect(firsts(make().read(JSON.parse(position) as LoaderPosition).rows)).toEqual(rows);
    expect([...seen.keys()].map((key) => JSON.parse(key) as LoaderPosition)).toEqual(Array.from({ length: 24 }, (_, step) => loader.positionOf(step)));
  });

  it('keeps to the rows it is given, in their order where not shuffled', () => {
    const loader = createLoader({ cache: sourceOf(9), indices: Uint32Array.of(5, 1, 8), batchSize: 2, accumulation: 1, seed: 0, shuffle: false });
    expect(firsts(loader.read({ epoch: 0, row: 0 }).rows)).toEqual([5, 1]);
    expect(firsts(loader.read({ epoch: 7, row: 2 }).rows)).toEqual([8]);
  });

  it('has unrelated orders for neighbouring seeds and epochs', () => {
    const indices = Uint32Array.from({ length: 1000 }, (_, i) => i);
    const same = (a: Uint32Array, b: Uint32Array): number => a.filter((value, i) => value === b[i]).length;
    const orders = [shuffled(indices, 1, 0), shuffled(indices, 1, 1), shuffled(indices, 2, 0), shuffled(indices, 0, 0)];
    for (const [i, a] of orders.entries()) for (const b of orders.slice(i + 1)) expect(same(a, b)).toBeLessThan(10);
    expect(shuffled(indices, 1, 0)).toEqual(orders[0]);
  });
});

describe('splitRows', () => {
  const digests = (rows: number, of = (row: number): bigint => BigInt(row) * 7919n): { rows: number; digest: (row: number) => bigint } => ({
    rows,
    digest: of,
  });

  it('holds out the fraction asked for, the same rows for a seed', () => {
    const { train, holdout } = splitRows(digests(200), { fraction: 0.1, seed: 3 });
    expect([train.length, holdout.length]).toEqual([180, 20]);
    expect([...train, ...holdout].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(splitRows(digests(200), { fraction: 0.1, seed: 3 }).holdout).toEqual(holdout);
    expect(splitRows(digests(200), { fraction: 0.1, seed: 4 }).holdout).not.toEqual(holdout);
  });

  it('goes by the rows, not by their places', () => {
    const { holdout } = splitRows(digests(100), { fraction: 0.2, seed: 1 });
    const turned = splitRows(
      digests(100, (row) => BigInt(99 - row) * 7919n),
      { fraction: 0.2, seed: 1 },
    );
    expect([...turned.holdout].map((row) => 99 - row).toReversed()).toEqual([...holdout]);
  });

  it('never parts equal rows, and leaves rows on both sides', () => {
    const doubled = splitRows(
      digests(100, (row) => BigInt(row >> 1)),
      { fraction: 0.25, seed: 5 },
    );
    const held = new Set([...doubled.holdout].map((row) => row >> 1));
    expect([...doubled.train].some((row) => held.has(row >> 1))).toBe(false);
    expect(splitRows(digests(1), { fraction: 0.5, seed: 1 })).toEqual({ train: Uint32Array.of(0), holdout: new Uint32Array(0) });
    expect(splitRows(digests(2), { fraction: 0.01, seed: 1 }).holdout).toHaveLength(1);
    expect(splitRows(digests(5), { fraction: 0, seed: 1 }).holdout).toHaveLength(0);
    expect(splitRows(digests(5), { fraction: 1, seed: 1 }).train).toHaveLength(1);
  });
});

describe('layoutRows', () => {
  const row = (tokens: number[], graded: number[]): RenderedRow => ({ tokens: Int32Array.from(tokens), graded: Uint8Array.from(graded) });
  const rows = [row([10, 11, 12], [0, 1, 1]), row([20, 21], [0, 1]), row([30, 31, 32, 33], [0, 0, 1, 0])];
  const x = notGraded;

  it('packs rows end to end, labels shifted inside each row', () => {
    const [packed, ...others] = layoutRows(rows, { packing: true, padId: 0 });
    expect(others).toEqual([]);
    expect(packed).toEqual({
      tokens: Int32Array.of(10, 11, 12, 20, 21, 30, 31, 32, 33),
      labels: Int32Array.of(11, 12, x, 21, x, x, 32, x, x),
      positions: Int32Array.of(0, 1, 2, 0, 1, 0, 1, 2, 3),
      segments: Int32Array.of(0, 3, 5, 9),
      gradedTokens: 4,
    });
  });

  it('pads to the longest row where it does not pack', () => {
    expect(layoutRows(rows.slice(1), { packing: false, padId: 99 })).toEqual([
      {
        tokens: Int32Array.of(20, 21, 99, 99),
        labels: Int32Array.of(21, x, x, x),
        positions: Int32Array.of(0, 1, 2, 3),
        segments: Int32Array.of(0, 4),
        gradedTokens: 1,
      },
      {
        tokens: Int32Array.of(30, 31, 32, 33),
        labels: Int32Array.of(x, 32, x, x),
        positions: Int32Array.of(0, 1, 2, 3),
        segments: Int32Array.of(0, 4),
        gradedTokens: 1,
      },
    ]);
  });

  it('fills micro-batches up to their size, a longer row having one of its own', () => {
    const sizes = (microTokens: number): number[] => layoutRows(rows, { packing: true, microTokens, padId: 0 }).map((each) => each.tokens.length);
    expect([sizes(5), sizes(6), sizes(2), sizes(9)]).toEqual([[5, 4], [5, 4], [3, 2, 4], [9]]);
  });

  it('keeps every graded token, its label and its row, however it is laid out', () => {
    const anyRow = fc.array(fc.tuple(fc.nat(1000), fc.nat(1)), { minLength: 1, maxLength: 12 }).map((pairs) =>
      row(
        pairs.map(([token]) => token),
        pairs.map(([, graded]) => graded),
      ),
    );
    const learnt = (each: RenderedRow): string[] =>
      [...each.tokens].flatMap((token, i) => (i > 0 && each.graded[i] === 1 ? [`${each.tokens[i - 1]}>${token}@${i - 1}`] : []));
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 8 }), fc.boolean(), fc.integer({ min: 1, max: 30 }), (some, packing, microTokens) => {
        const laid = layoutRows(some, { packing, microTokens, padId: 0 });
        const asked = laid.flatMap(({ tokens, labels, positions }) =>
          [...labels].flatMap((label, t) => (label === x ? [] : [`${tokens[t]}>${label}@${positions[t]}`])),
        );
        expect(asked).toEqual(some.flatMap(learnt));
        expect(laid.reduce((sum, each) => sum + each.gradedTokens, 0)).toBe(some.reduce((sum, each) => sum + countGraded(each), 0));
        for (const { tokens, segments, positions } of laid) {
          expect(segments.at(-1)).toBe(tokens.length);
          for (const start of segments.slice(0, -1)) expect(positions[start]).toBe(0);
        }
      }),
    );
  });
});
