/** Writes GGUF files, version 3, little endian: header first, then each tensor's data as it comes. The file appears whole or not at all. */
import { byteLength } from '../../tensor/dtype.ts';
import { writeFileAtomically, type FileSink } from '../atomic-file.ts';
import { PositionedFile } from '../positioned-file.ts';
import { writeTensorData, type TensorToWrite } from '../tensor-to-write.ts';
import { ggmlTypeId, type GgufDType } from './ggml-types.ts';
import { defaultAlignment, ggufMagic } from './gguf-reader.ts';
import { arrayTypeId, scalarBytes, scalarTypeId, type GgufScalar, type GgufScalarType } from './gguf-value.ts';

export type GgufValueToWrite =
  | { readonly type: GgufScalarType; readonly value: GgufScalar }
  | { readonly type: 'array'; readonly itemType: GgufScalarType; readonly values: Iterable<GgufScalar> & { readonly length: number } }
  /** A value as another file holds it, byte by byte. */
  | { readonly type: 'copy'; readonly path: string; readonly start: number; readonly end: number };

export type GgufTensorToWrite = TensorToWrite<GgufDType>;

interface GgufToWrite {
  readonly metadata: ReadonlyMap<string, GgufValueToWrite>;
  readonly tensors: readonly GgufTensorToWrite[];
}

const version = 3;
const copyPieceBytes = 1 << 20;

export async function writeGguf(path: string, { metadata, tensors }: GgufToWrite): Promise<void> {
  const needBytes = tensors.reduce((sum, tensor) => sum + paddedLength(tensor), 0);
  await writeFileAtomically(
    path,
    async (sink) => {
      sink.write(Buffer.concat([uint32(ggufMagic), uint32(version), uint64(tensors.length), uint64(metadata.size)]));
      for (const [key, value] of metadata) {
        sink.write(text(key));
        writeValue(sink, value);
      }
      writeTensorRows(sink, tensors);
      pad(sink);
      for (const tensor of tensors) {
        await writeTensorData(sink, tensor);
        pad(sink);
      }
    },
    { needBytes },
  );
}

const paddedLength = ({ dtype, shape }: GgufTensorToWrite): number => Math.ceil(byteLength(dtype, shape) / defaultAlignment) * defaultAlignment;

function pad(sink: FileSink): void {
  sink.write(new Uint8Array((defaultAlignment - (sink.position % defaultAlignment)) % defaultAlignment));
}

function writeTensorRows(sink: FileSink, tensors: readonly GgufTensorToWrite[]): void {
  let offset = 0;
  for (const tensor of tensors) {
    const dimensions = tensor.shape.toReversed().map(uint64);
    sink.write(Buffer.concat([text(tensor.name), uint32(dimensions.length), ...dimensions, uint32(ggmlTypeId(tensor.dtype)), uint64(offset)]));
    offset += paddedLength(tensor);
  }
}

function writeValue(sink: FileSink, value: GgufValueToWrite): void {
  if (value.type === 'copy') {
    copyValue(sink, value);
  } else if (value.type === 'array') {
    sink.write(Buffer.concat([uint32(arrayTypeId), uint32(scalarTypeId(value.itemType)), uint64(value.values.length)]));
    for (const item of value.values) sink.write(scalar(value.itemType, item));
  } else {
    sink.write(Buffer.concat([uint32(scalarTypeId(value.type)), scalar(value.type, value.value)]));
  }
}

function copyValue(sink: FileSink, { path, start, end }: { path: string; start: number; end: number }): void {
  using file = new PositionedFile(path, 'Model');
  for (let offset = start; offset < end; offset += copyPieceBytes) sink.write(file.read(offset, Math.min(copyPieceBytes, end - offset)));
}

function scalar(type: GgufScalarType, value: GgufScalar): Uint8Array {
  if (type === 'string') return text(String(value));
  const bytes = Buffer.alloc(scalarBytes(type));
  switch (type) {
    case 'bool':
    case 'uint8':
      bytes.writeUInt8(Number(value));
      break;
    case 'int8':
      bytes.writeInt8(Number(value));
      break;
    case 'uint16':
      bytes.writeUInt16LE(Number(value));
      break;
    case 'int16':
      bytes.writeInt16LE(Number(value));
      break;
    case 'uint32':
      bytes.writeUInt32LE(Number(value));
      break;
    case 'int32':
      bytes.writeInt32LE(Number(value));
      break;
    case 'float32':
      bytes.writeFloatLE(Number(value));
      break;
    case 'float64':
      bytes.writeDoubleLE(Number(value));
      break;
    case 'uint64':
      bytes.writeBigUInt64LE(BigInt(value));
      break;
    case 'int64':
      bytes.writeBigInt64LE(BigInt(value));
      break;
  }
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}
