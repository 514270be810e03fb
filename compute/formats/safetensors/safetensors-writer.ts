/** Writes safetensors files. The same tensors give the same bytes: wider types first (so that all stay aligned), then by name. */
import { byteLength, dtypes, type DType } from '../../tensor/dtype.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { writeTensorData, type TensorToWrite } from '../tensor-to-write.ts';
import { safetensorsTypeName } from './safetensors-types.ts';

/** Types the format can hold. */
export type SafetensorsDType = Extract<DType, 'f32' | 'f16' | 'bf16' | 'i32'>;
export type SafetensorsTensorToWrite = TensorToWrite<SafetensorsDType>;

const headerAlignment = 8;

export async function writeSafetensors(
  path: string,
  tensors: readonly SafetensorsTensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sorted = tensors.toSorted((a, b) => dtypes[b.dtype].blockBytes - dtypes[a.dtype].blockBytes || (a.name < b.name ? -1 : 1));
  const header = headerBytes(sorted, metadata);
  const needBytes = sorted.reduce((sum, { dtype, shape }) => sum + byteLength(dtype, shape), header.length);
  await writeFileAtomically(
    path,
    async (sink) => {
      sink.write(header);
      for (const tensor of sorted) await writeTensorData(sink, tensor);
    },
    { needBytes },
  );
}

function headerBytes(tensors: readonly SafetensorsTensorToWrite[], metadata: Readonly<Record<string, string>>): Buffer {
  const rows: [string, unknown][] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (notes.length > 0) rows.push(['__metadata__', Object.fromEntries(notes)]);
  let offset = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = offset + byteLength(dtype, shape);
    rows.push([name, { dtype: safetensorsTypeName(dtype), shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(rows)));
  const padded = Buffer.alloc(8 + Math.ceil(json.length / headerAlignment) * headerAlignment, ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  json.copy(padded, 8);
  return padded;
}
