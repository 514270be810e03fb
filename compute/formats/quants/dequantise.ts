/** The plain reference of every stored type: bytes to float32, exactly as ggml defines them. Kernels are tested against it; exports use it. */
import { dtypes, type DType } from '../../tensor/dtype.ts';
import type { BlockDecoder } from './block-decoder.ts';
import { float16Values } from './half.ts';
import { decodeQ4_K, decodeQ5_K, decodeQ6_K } from './k-blocks.ts';
import { decodeQ4_0, decodeQ4_1, decodeQ5_0, decodeQ5_1, decodeQ8_0 } from './simple-blocks.ts';

type BlockDType = Exclude<DType, 'i32' | 'f32' | 'f16' | 'bf16'>;

const decoders: Readonly<Record<BlockDType, BlockDecoder>> = {
  q8_0: decodeQ8_0,
  q4_0: decodeQ4_0,
  q4_1: decodeQ4_1,
  q5_0: decodeQ5_0,
  q5_1: decodeQ5_1,
  q4_k: decodeQ4_K,
  q5_k: decodeQ5_K,
  q6_k: decodeQ6_K,
};

/** The numbers in `bytes`, which hold whole blocks of `dtype`. */
export function dequantise(dtype: Exclude<DType, 'i32'>, bytes: Uint8Array): Float32Array {
  const { blockBytes, blockElements } = dtypes[dtype];
  const blocks = Math.floor(bytes.length / blockBytes);
  const target = new Float32Array(blocks * blockElements);
  if (dtype === 'f32') new Uint8Array(target.buffer).set(bytes.subarray(0, blocks * 4));
  else if (dtype === 'f16') decodeHalves(bytes, target, float16Values());
  else if (dtype === 'bf16') decodeBfloats(bytes, target);
  else for (let block = 0; block < blocks; block++) decoders[dtype]({ bytes, at: block * blockBytes, target, to: block * blockElements });
  return target;
}

function decodeHalves(bytes: Uint8Array, target: Float32Array, values: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = values[(bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8)] ?? 0;
}

/** A bfloat16 is the upper half of a float32. */
function decodeBfloats(bytes: Uint8Array, target: Float32Array): void {
  const halves = new Uint16Array(target.buffer);
  for (let i = 0; i < target.length; i++) halves[2 * i + 1] = (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8);
}
