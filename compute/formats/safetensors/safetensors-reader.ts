/** Reads the header of a safetensors file: where each tensor lies. Lengths and ranges are checked against the file; no data is read. */
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { PositionedFile } from '../positioned-file.ts';
import { safetensorsTypes, type SafetensorsType } from './safetensors-types.ts';

export interface SafetensorsTensor {
  readonly name: string;
  readonly type: SafetensorsType;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

export interface SafetensorsFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly SafetensorsTensor[];
  readonly bytes: number;
}

/** The format's own limit. */
const maxHeaderBytes = 100_000_000;
/** A sound header is two objects and an array deep. */
const maxDepth = 4;

const size = z.int().nonnegative();
const TensorRow = z.object({ dtype: z.string(), shape: z.array(size).max(8), data_offsets: z.tuple([size, size]) });
const Metadata = z.record(z.string(), z.string());
const Header = z.record(z.string(), z.unknown());

export function readSafetensors(path: string, what = 'Model'): SafetensorsFile {
  using file = new PositionedFile(path, what);
  const { header, dataStart } = readHeader(file);
  const { __metadata__: metadata = {}, ...rows } = header;
  const parsedMetadata = Metadata.safeParse(metadata);
  if (!parsedMetadata.success) return fail(path, '__metadata__ is no table of texts');
  const tensors = Object.entries(rows).map(([name, row]) => readTensor(path, name, row, dataStart));
  checkPlaces(file, tensors, dataStart);
  return { path, metadata: parsedMetadata.data, tensors, bytes: file.size };
}

function fail(path: string, problem: string): never {
  throw new AppError('SAFETENSORS_INVALID', { path, problem });
}

function readHeader(file: PositionedFile): { header: Record<string, unknown>; dataStart: number } {
  const prefix = file.read(0, 8);
  if (prefix.length < 8) fail(file.path, `it has only ${String(file.size)} bytes`);
  const length = prefix.readBigUInt64LE();
  if (length > BigInt(Math.min(maxHeaderBytes, file.size - 8)))
    fail(file.path, `its header of ${String(length)} bytes does not fit into ${String(file.size)} bytes`);
  const bytes = file.read(8, Number(length));
  if (bytes.length < Number(length)) fail(file.path, 'its header is cut off');
  checkDepth(file.path, bytes);
  return { header: parseHeader(file.path, bytes), dataStart: 8 + Number(length) };
}

/** Refuses deep nesting before JSON.parse sees it. */
function checkDepth(path: string, bytes: Uint8Array): void {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (inText) {
      if (byte === 0x5c) index++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth > maxDepth) fail(path, 'its header is nested too deep');
  }
}

function parseHeader(path: string, bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return fail(path, `its header is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const header = Header.safeParse(parsed);
  return header.success ? header.data : fail(path, 'its header is no table of tensors');
}

function readTensor(path: string, name: string, row: unknown, dataStart: number): SafetensorsTensor {
  const parsed = TensorRow.safeParse(row);
  if (!parsed.success) return fail(path, `tensor ${name} has no sound type, shape and offsets`);
  const { dtype, shape, data_offsets: range } = parsed.data;
  const type = safetensorsTypes.get(dtype);
  if (type === undefined) throw new AppError('TENSOR_TYPE_UNSUPPORTED', { path, tensor: name, type: dtype, known: 'F32 F16 BF16' });
  const bytes = (shape.reduce((product, size) => product * size, 1) * type.bits) / 8;
  if (!Number.isSafeInteger(bytes) || range[1] - range[0] !== bytes)
    fail(path, `tensor ${name} of shape [${shape.join(', ')}] does not take the ${String(range[1] - range[0])} bytes it names`);
  return { name, type, shape, offset: dataStart + range[0], bytes };
}

function checkPlaces(file: PositionedFile, tensors: readonly SafetensorsTensor[], dataStart: number): void {
  let end = dataStart;
  for (const { name, offset, bytes } of tensors.toSorted((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (offset < end) fail(file.path, `tensor ${name} overlaps the one before it`);
    end = offset + bytes;
    if (end > file.size) fail(file.path, `tensor ${name} ends at byte ${String(end)}, the file at ${String(file.size)}`);
  }
}
