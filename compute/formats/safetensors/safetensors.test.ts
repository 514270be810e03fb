/** Safetensors files: what is written reads back, the bytes are the same each time, damage is refused by name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { dequantise } from '../quants/dequantise.ts';
import { PositionedFile } from '../positioned-file.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { readSafetensors } from './safetensors-reader.ts';
import { writeSafetensors, type SafetensorsTensorToWrite } from './safetensors-writer.ts';

const folder = temporaryFolder();
const path = join(folder, 'a.safetensors');
const b = float32Tensor('b', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
const a = float32Tensor('a', [1], Float32Array.of(-7.5));
const half: SafetensorsTensorToWrite = { name: '0', dtype: 'bf16', shape: [1], data: () => [Uint8Array.of(0x80, 0x3f)] };

function written(text: string, data = 0): string {
  const header = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = join(folder, 'made.safetensors');
  writeFileSync(file, Buffer.concat([length, header, Buffer.alloc(data)]));
  return file;
}

describe('writeSafetensors', () => {
  it('writes what the reader reads', async () => {
    await writeSafetensors(path, [b, half, a], { format: 'pt' });
    const file = readSafetensors(path);
    expect(file.metadata).toEqual({ format: 'pt' });
    expect(file.tensors.map(({ name, shape, type }) => [name, shape, type.name])).toEqual([
      ['0', [1], 'BF16'],
      ['a', [1], 'F32'],
      ['b', [2, 3], 'F32'],
    ]);
    const tensor = file.tensors.find(({ name }) => name === 'b');
    using bytes = new PositionedFile(path, 'Model');
    expect([...dequantise('f32', bytes.read(tensor?.offset ?? 0, tensor?.bytes ?? 0))]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives the same bytes whatever the order of its input', async () => {
    const other = join(folder, 'b.safetensors');
    await writeSafetensors(path, [b, half, a], { x: '1', format: 'pt' });
    await writeSafetensors(other, [a, b, half], { format: 'pt', x: '1' });
    expect(readFileSync(path).equals(readFileSync(other))).toBe(true);
  });
});

describe('readSafetensors', () => {
  const row = (offsets: string, shape = '[2]', dtype = 'F32'): string => `{"w":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;

  it.each([
    ['no JSON', 'nonsense', 'no JSON'],
    ['a list', '[]', 'no table'],
    ['deep nesting', '['.repeat(100_000), 'nested too deep'],
    ['a range past the end', row('[0,8]'), 'the file at'],
    ['a range of the wrong length', row('[0,9]'), 'does not take the 9 bytes'],
    ['a negative offset', row('[-8,0]'), 'no sound type'],
    ['a huge shape', row('[0,8]', '[9007199254740991,9007199254740991]'), 'does not take'],
    ['a type that is no type', row('[0,8]', '[2]', 'constructor'), 'type constructor'],
    ['overlap', '{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}', 'overlaps'],
  ])('refuses %s', (_, header, problem) => {
    expect(() => readSafetensors(written(header, header.includes('"v"') ? 16 : 0))).toThrow(problem);
  });

  it('refuses a header length that the file cannot hold', () => {
    const file = join(folder, 'long.safetensors');
    writeFileSync(file, Buffer.concat([Buffer.from('ffffffffffffffff', 'hex'), Buffer.from('{}')]));
    expect(() => readSafetensors(file)).toThrow('does not fit into');
  });

  it('never fails but by name', () => {
    const target = join(folder, 'random.safetensors');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          fc.json().map((text) => readFileSync(written(text))),
        ),
        (bytes) => {
          writeFileSync(target, bytes);
          try {
            readSafetensors(target);
          } catch (error) {
            if (!isAppError(error, 'SAFETENSORS_INVALID') && !isAppError(error, 'TENSOR_TYPE_UNSUPPORTED')) throw error;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
