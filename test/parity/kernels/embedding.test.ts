/** Rows by number: looked up, added up, gathered and scattered; quantised tables against the convert op. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dtypes, type DType } from '../../../compute/tensor/dtype.ts';
import { KernelLab, rounded, rowsOf, sequence, type LabTensor } from '../../support/kernel-lab.ts';
import { threadDifferences, type Result } from '../../support/kernel-rows.ts';

const lab = new KernelLab();
afterEach(() => lab.release());
afterAll(() => lab.addon.configure({ threads: 2 }));
const [vocabulary, columns] = [37, 512];

/** Bytes that are some valid table of the type: scales small and finite, codes anything. */
function table(dtype: DType): LabTensor {
  const tensor = lab.empty(dtype, [vocabulary, columns]);
  const { blockBytes, blockElements } = dtypes[dtype];
  const bytes = new Uint8Array(((vocabulary * columns) / blockElements) * blockBytes);
  const next = sequence(3);
  if (blockElements === 1)
    return dtype === 'f16' ? halves(tensor) : lab.tensor(dtype as 'f32' | 'bf16', tensor.shape, Array.from({ length: vocabulary * columns }, next));
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor((next() + 1) * 128);
  const scales = dtype === 'q6_k' ? [208] : [0, 2];
  for (let block = 0; block < bytes.length; block += blockBytes)
    for (const at of scales) new DataView(bytes.buffer).setUint16(block + at, 0x2000 + (block % 512), true);
  lab.addon.write(tensor.id, bytes, 0);
  return tensor;
}

function halves(tensor: LabTensor): LabTensor {
  lab.addon.write(
    tensor.id,
    Uint16Array.from({ length: vocabulary * columns }, (_, i) => (i * 7919) % 0x7c00),
    0,
  );
  return tensor;
}

const ids = [0, 36, 5, 5, 17, 36, 1];
const pick = (values: Float64Array, scale: number, out: DType): Float64Array =>
  Float64Array.from(ids.flatMap((id) => [...values.slice(id * columns, (id + 1) * columns)].map((value) => rounded(Math.fround(value * scale), out))));

describe('embedding', () => {
  const stored = (Object.keys(dtypes) as DType[]).filter((dtype) => dtype !== 'i32');
  it.each(stored)('looks up rows of %s', (dtype) => {
    const [source, whole, idTensor] = [table(dtype), lab.empty('f32', [vocabulary, columns]), lab.tensor('i32', [ids.length], ids)];
    lab.addon.convert(whole.id, source.id, { scale: 1 });
    for (const out of ['f32', 'bf16'] as const)
      for (const scale of [1, 3.5]) {
        const y = lab.empty(out, [ids.length, columns]);
        lab.addon.embeddingForward(y.id, source.id, idTensor.id, { scale });
        expect(lab.values(y)).toEqual(pick(lab.values(whole), scale, out));
      }
  });

  it('looks up long and odd rows', () => {
    const [v, c] = [3, 4099];
    const [source, idTensor, y] = [lab.random('f32', [v, c], 1), lab.tensor('i32', [2], [2, 0]), lab.empty('f32', [2, c])];
    lab.addon.embeddingForward(y.id, source.id, idTensor.id, { scale: 1 });
    const all = lab.values(source);
    expect(lab.values(y)).toEqual(Float64Array.from([...all.slice(2 * c), ...all.slice(0, c)]));
  });

  it.each(['f32', 'bf16'] as const)('adds %s gradients up in order', (dtype) => {
    const c = 131;
    const dy = lab.random(dtype, [ids.length, c], 2);
    const grads = lab.values(dy);
    for (const row of rowsOf('elementwise')) {
      lab.addon.forceKernel('elementwise', row.name);
      const dtable = lab.random('f32', [vocabulary, c], 1);
      const expected = lab.values(dtable);
      const scale = Math.fround(0.3);
      ids.forEach((id, t) => {
        for (let i = 0; i < c; i++) expected[id * c + i] = Math.fround((expected[id * c + i] ?? NaN) + Math.fround((grads[t * c + i] ?? NaN) * scale));
      });
      lab.addon.embeddingBackward(dtable.id, dy.id, lab.tensor('i32', [ids.length], ids).id, { scale: 0.3 });
      expect(lab.values(dtable), row.name).toEqual(expected);
    }
  });

  it.each(['f32', 'bf16', 'i32'] as const)('gathers and scatters rows of %s', (dtype) => {
    const [t, c] = [50, 300];
    const values = Float64Array.from({ length: t * c }, (_, i) => (i % 251) - 100);
    const rows = [49, 3, 0, 17];
    const [x, numbers, packed] = [lab.tensor(dtype, [t, c], values), lab.tensor('i32', [4], rows), lab.empty(dtype, [4, c])];
    lab.addon.gatherRows(packed.id, x.id, numbers.id);
    expect(lab.values(packed)).toEqual(Float64Array.from(rows.flatMap((row) => [...values.slice(row * c, (row + 1) * c)])));
    const back = lab.tensor(dtype, [t, c], new Float64Array(t * c));
    lab.addon.scatterRows(back.id, packed.id, numbers.id);
    expect(lab.values(back)).toEqual(values.map((value, i) => (rows.includes(Math.floor(i / c)) ? value : 0)));
  });

  it('takes no rows for an answer', () => {
    const [x, none, packed] = [lab.random('f32', [5, 8], 1), lab.tensor('i32', [0], []), lab.empty('f32', [0, 8])];
    lab.addon.gatherRows(packed.id, x.id, none.id);
    lab.addon.scatterRows(x.id, packed.id, none.id);
    lab.addon.embeddingForward(packed.id, x.id, none.id, { scale: 1 });
    lab.addon.embeddingBackward(x.id, packed.id, none.id, { scale: 1 });
    expect(lab.values(x)).toEqual(lab.values(lab.random('f32', [5, 8], 1)));
  });

  it('refuses a row outside the table', () => {
    const [x, y] = [lab.random('f32', [5, 8], 1), lab.empty('f32', [1, 8])];
    for (const bad of [-1, 5]) {
      const numbers = lab.tensor('i32', [1], [bad]);
      expect(() => lab.addon.embeddingForward(y.id, x.id, numbers.id, { scale: 1 })).toThrow(/outside the table/);
      expect(() => lab.addon.embeddingBackward(x.id, y.id, numbers.id, { scale: 1 })).toThrow(/outside the table/);
      expect(() => lab.addon.gatherRows(y.id, x.id, numbers.id)).toThrow(/outside the table/);
      expect(() => lab.addon.scatterRows(x.id, y.id, numbers.id)).toThrow(/outside the table/);
    }
  });

  it('gives the same bits on any thread count', () => {
    const [source, idTensor] = [
      lab.random('f32', [100, 600], 1),
      lab.tensor(
        'i32',
        [400],
        Array.from({ length: 400 }, (_, i) => (i * i) % 100),
      ),
    ];
    const run = (): Result[] => {
      const [y, dtable] = [lab.empty('bf16', [400, 600]), lab.random('f32', [100, 600], 9)];
      lab.addon.embeddingForward(y.id, source.id, idTensor.id, { scale: 1 });
      lab.addon.embeddingBackward(dtable.id, y.id, idTensor.id, { scale: 1 });
      return Object.entries({ y, dtable }).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
    };
    expect(threadDifferences('elementwise', run)).toEqual([]);
  });
});
