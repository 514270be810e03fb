/** Throws random and nearly sound headers at the GGUF reader; shared by the short and the long test. */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { openModel } from '../open-model.ts';
import { readGguf } from './gguf-reader.ts';

const allowed = ['GGUF_INVALID', 'TENSOR_TYPE_UNSUPPORTED', 'MODEL_INVALID', 'ARCHITECTURE_UNSUPPORTED'];
/** The reader's window, the file's own content, and slack. */
const maxGrowthBytes = 8 << 20;

const u32 = fc.oneof(fc.nat(40), fc.constantFrom(0xffffffff, 0x7fffffff, 1 << 20)).map((value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
});
const u64 = fc
  .oneof(fc.bigInt(0n, 40n), fc.bigInt(0n, (1n << 64n) - 1n), fc.constantFrom((1n << 64n) - 1n, 1n << 63n, 1n << 53n, 1n << 32n, 1n << 31n))
  .map((value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  });
const key = fc
  .constantFrom('general.architecture', 'general.alignment', 'llama.block_count', 'split.count', 'blk.0.attn_q.weight', '__proto__', '')
  .map((name) => {
    const bytes = Buffer.alloc(8 + name.length);
    bytes.writeBigUInt64LE(BigInt(name.length));
    bytes.write(name, 8);
    return bytes;
  });
const junk = fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes));
const start = fc.constantFrom(Buffer.from('GGUF\x03\0\0\0'), Buffer.from('GGUF\x02\0\0\0'));
const count = fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 4n) }, { weight: 1, arbitrary: fc.bigInt(0n, (1n << 64n) - 1n) }).map((value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
});

/** Headers that start soundly and go on with plausible and implausible pieces. */
export const hostileHeader = fc
  .tuple(start, count, count, fc.array(fc.oneof(u32, u64, key, junk), { maxLength: 40 }), fc.nat(256))
  .map(([first, tensors, entries, pieces, padding]) => Buffer.concat([first, tensors, entries, ...pieces, Buffer.alloc(padding)]));

/** A sound file with up to eight bytes changed and perhaps its end cut off. */
export const damaged = (sound: Buffer): fc.Arbitrary<Buffer> =>
  fc.tuple(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 8 }), fc.option(fc.nat(sound.length))).map(([changes, length]) => {
    const bytes = Buffer.from(sound);
    for (const [at, value] of changes) bytes[at] = value;
    return length === null ? bytes : bytes.subarray(0, length);
  });

/** Reads the bytes as a file; anything but a sound reading or one of the named errors fails the test. */
export function readHostile(path: string, bytes: Buffer): void {
  writeFileSync(path, bytes);
  const before = process.memoryUsage();
  for (const read of [readGguf, openModel]) {
    try {
      read(path);
    } catch (error) {
      if (!isAppError(error) || !allowed.includes(error.code)) throw error;
    }
  }
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(maxGrowthBytes);
  expect(after.heapUsed - before.heapUsed).toBeLessThan(maxGrowthBytes);
}
