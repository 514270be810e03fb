/** Reproducible contents for tensors of the stored types: any bits, but block scales that give numbers of ordinary size. */
import { byteLength, dtypes } from '../../compute/tensor/dtype.ts';
import { sequence, type KernelLab, type LabTensor } from './kernel-lab.ts';

export const storedTypes = ['f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'q5_0', 'q5_1', 'q4_k', 'q5_k', 'q6_k'] as const;
export type StoredType = (typeof storedTypes)[number];

/** Byte offsets of the float16 scales in a block. */
const scales: Readonly<Record<StoredType, readonly number[]>> = {
  f16: [0],
  bf16: [],
  q8_0: [0],
  q4_0: [0],
  q4_1: [0, 2],
  q5_0: [0],
  q5_1: [0, 2],
  q4_k: [0, 2],
  q5_k: [0, 2],
  q6_k: [208],
};

/** Bytes of a tensor of this type; every bit pattern of the quantised numbers occurs. */
export function storedBytes(dtype: StoredType, shape: readonly number[], seed: number): Uint8Array {
  const next = sequence(seed);
  const bytes = Uint8Array.from({ length: byteLength(dtype, shape) }, () => (next() + 1) * 128);
  const { blockBytes } = dtypes[dtype];
  for (let block = 0; block < bytes.length; block += blockBytes)
    for (const at of scales[dtype]) bytes[block + at + 1] = 0x20 | ((bytes[block + at + 1] ?? 0) & 0x8b); // ± 2^-7 … 2^-4
  // Upper byte of a bfloat16: ± about 0.1 … 2.
  if (dtype === 'bf16') for (let i = 1; i < bytes.length; i += 2) bytes[i] = 0x3e | ((bytes[i] ?? 0) & 0x81);
  return bytes;
}

/** A tensor with those bytes. */
export function storedTensor(lab: KernelLab, dtype: StoredType, shape: readonly number[], bytes: Uint8Array): LabTensor {
  const tensor = lab.empty(dtype, shape);
  const wide = dtypes[dtype].blockElements === 1;
  lab.addon.write(tensor.id, wide ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes, 0);
  return tensor;
}
