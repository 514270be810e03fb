/** Every dequantisation row against the plain TypeScript decoders, bit for bit, and the convert op over them. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { bfloat16ToFloat32, float32ToBfloat16 } from '../../../compute/formats/quants/half.ts';
import { dtypes } from '../../../compute/tensor/dtype.ts';
import { KernelLab, rowsOf, sequence, type LabTensor } from '../../support/kernel-lab.ts';
import { storedBytes, storedTensor, storedTypes } from '../../support/stored-blocks.ts';

const lab = new KernelLab();
const rows = rowsOf('dequantize');
afterEach(() => lab.release());
afterAll(() => lab.addon.forceKernel('dequantize', rows.find((row) => row.chosen)?.name ?? 'dequantize_ref'));

function bitsOf(tensor: LabTensor): Uint32Array {
  const values = new Float32Array(tensor.shape.reduce((n, size) => n * size, 1));
  lab.addon.read(tensor.id, values, 0);
  return new Uint32Array(values.buffer);
}

describe.each(rows)('$name', ({ name }) => {
  it.each(storedTypes)('widens %s to the same bits as the plain decoder', (dtype) => {
    lab.addon.forceKernel('dequantize', name);
    const { blockElements } = dtypes[dtype];
    // One block, some, and more than one thread's share.
    for (const elements of [blockElements, 7 * blockElements, blockElements === 1 ? 70_001 : 70_144]) {
      const bytes = storedBytes(dtype, [elements], elements);
      const out = lab.empty('f32', [elements]);
      lab.addon.convert(out.id, storedTensor(lab, dtype, [elements], bytes).id, { scale: 1 });
      expect(bitsOf(out)).toEqual(new Uint32Array(dequantise(dtype, bytes).buffer));
    }
  });

  it('rounds to bf16 as the plain rounding does: ties, subnormals, infinities, NaN', () => {
    lab.addon.forceKernel('dequantize', name);
    const edges = [0, -0, 1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1e-40, -3e-39, 1e-45, 3.4e38, Infinity, -Infinity, NaN, 65_504];
    const values = Float32Array.from([...edges, ...Array.from({ length: 1000 }, sequence(3))]);
    const out = lab.empty('bf16', [values.length]);
    lab.addon.convert(out.id, lab.tensor('f32', [values.length], values).id, { scale: 1 });
    const bits = new Uint16Array(values.length);
    lab.addon.read(out.id, bits, 0);
    expect(bits).toEqual(Uint16Array.from(values, float32ToBfloat16));
  });
});

it('scales in place and between the float types', () => {
  const values = Float32Array.from({ length: 5000 }, sequence(5));
  const inPlace = lab.tensor('f32', [values.length], values);
  lab.addon.convert(inPlace.id, inPlace.id, { scale: 0.5 });
  expect(lab.values(inPlace)).toEqual(Float64Array.from(values, (value) => value * 0.5));

  const narrow = lab.tensor('bf16', [values.length], values);
  lab.addon.convert(narrow.id, narrow.id, { scale: 3 });
  const expected = Float64Array.from(values, (value) => bfloat16ToFloat32(float32ToBfloat16(Math.fround(bfloat16ToFloat32(float32ToBfloat16(value)) * 3))));
  expect(lab.values(narrow)).toEqual(expected);
});

it('refuses what it cannot convert', () => {
  const out = lab.empty('f32', [4]);
  expect(() => lab.addon.convert(out.id, lab.empty('f32', [5]).id, { scale: 1 })).toThrow('differ in size');
  expect(() => lab.addon.convert(out.id, lab.empty('i32', [4]).id, { scale: 1 })).toThrow('i32');
  expect(() => lab.addon.convert(lab.empty('i32', [4]).id, out.id, { scale: 1 })).toThrow('i32');
});
