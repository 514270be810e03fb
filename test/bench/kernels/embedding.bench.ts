/** Rows by number: looked up, added up, gathered and scattered. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound } from './memory-bound.ts';

const shape = { dtype: 'f32', rows: 2048, columns: 576 } as const;
const vocabulary = 49_152;
const scattered = (limit: number): Int32Array => Int32Array.from({ length: shape.rows }, (_, i) => (i * 7919) % limit);

export const cases: BenchCase[] = [
  memoryBound({
    op: 'elementwise',
    name: 'embeddingForward',
    shape,
    flops: 1,
    arrays: 2,
    prepare: (addon, make, lab) => {
      const [out, table, ids] = [make(), lab.random('f32', [vocabulary, shape.columns], 1).id, lab.tensor('i32', [shape.rows], scattered(vocabulary)).id];
      return () => addon.embeddingForward(out, table, ids, { scale: 1 });
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'embeddingBackward',
    shape,
    flops: 2,
    arrays: 3,
    prepare: (addon, make, lab) => {
      const [dy, dtable, ids] = [make(), lab.random('f32', [vocabulary, shape.columns], 1).id, lab.tensor('i32', [shape.rows], scattered(vocabulary)).id];
      return () => addon.embeddingBackward(dtable, dy, ids, { scale: 1 });
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'gatherRows',
    shape,
    flops: 0,
    arrays: 2,
    prepare: (addon, make, lab) => {
      const [out, x, rows] = [make(), make(), lab.tensor('i32', [shape.rows], scattered(shape.rows)).id];
      return () => addon.gatherRows(out, x, rows);
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'scatterRows',
    shape,
    flops: 0,
    arrays: 2,
    prepare: (addon, make, lab) => {
      const [out, x, rows] = [make(), make(), lab.tensor('i32', [shape.rows], scattered(shape.rows)).id];
      return () => addon.scatterRows(out, x, rows);
    },
  }),
];
