/**
 * Reads the header of a GGUF file (versions 2 and 3, little endian): metadata and where each tensor lies. It trusts nothing: every
 * count and length is held against what the file can back before anything is built from it. It reads no tensor data.
 */
import { AppError } from '../../../shared/errors/app-error.ts';
import { byteLength, dtypes } from '../../tensor/dtype.ts';
import { PositionedFile } from '../positioned-file.ts';
import { dtypeOfGgmlType, ggmlTypeName, readableTypeNames, type GgufDType } from './ggml-types.ts';
import { GgufCursor } from './gguf-cursor.ts';
import { GgufMetadata } from './gguf-metadata.ts';
import { arrayTypeId, scalarTypeById, type GgufArrayEntry, type GgufEntry } from './gguf-value.ts';

export interface GgufTensor {
  readonly name: string;
  readonly dtype: GgufDType;
  /** Outermost dimension first: [out, in]. */
  readonly shape: readonly number[];
  /** Where its data starts in the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufFile {
  readonly path: string;
  readonly version: number;
  readonly alignment: number;
  readonly metadata: GgufMetadata;
  readonly tensors: readonly GgufTensor[];
  /** Size of the file. */
  readonly bytes: number;
}

export const ggufMagic = 0x46554747; // "GGUF"
export const defaultAlignment = 32;
const maxKeyBytes = 65535;
const maxTensorNameBytes = 1024;
const maxDimensions = 4;
const maxAlignment = 1 << 20;
/** Smallest entries possible: they cap the counts. */
const minEntryBytes = 8 + 4 + 1;
const minTensorBytes = 8 + 4 + 8 + 4 + 8;

/** Reads and checks a header; `what` names the file's role in messages. */
export function readGguf(path: string, what = 'Model'): GgufFile {
  using file = new PositionedFile(path, what);
  const cursor = new GgufCursor(file);
  const version = readVersion(cursor);
  const tensorCount = readCount(cursor, 'the tensor count', minTensorBytes);
  const entryCount = readCount(cursor, 'the metadata count', minEntryBytes);
  const metadata = new GgufMetadata(path, readEntries(cursor, entryCount));
  const alignment = readAlignment(cursor, metadata);
  const tensors = readTensors(cursor, path, tensorCount);
  const start = Math.ceil(cursor.position / alignment) * alignment;
  return { path, version, alignment, metadata, tensors: placeTensors(file, tensors, start, alignment), bytes: file.size };
}

function readVersion(cursor: GgufCursor): number {
  if (cursor.uint32('the magic number') !== ggufMagic) {
    cursor.position = 0;
    cursor.fail('it does not start with "GGUF"');
  }
  const version = cursor.uint32('the version');
  if (version === 2 || version === 3) return version;
  if ((version & 0xffff) === 0) return cursor.fail('it is big-endian');
  return cursor.fail(`its version is ${String(version)}, known are 2 and 3`);
}

function readCount(cursor: GgufCursor, what: string, minBytes: number): number {
  const count = cursor.size(what);
  const most = Math.floor(cursor.remaining / minBytes);
  if (count > most) cursor.fail(`${what} is ${String(count)}, the file has room for ${String(most)}`);
  return count;
}

function readEntries(cursor: GgufCursor, count: number): Map<string, GgufEntry> {
  const entries = new Map<string, GgufEntry>();
  for (let index = 0; index < count; index++) {
    const key = cursor.name('a metadata key', maxKeyBytes);
    if (entries.has(key)) cursor.fail(`metadata ${key} comes twice`);
    entries.set(key, readEntry(cursor, `metadata ${key}`));
  }
  return entries;
}

function readEntry(cursor: GgufCursor, what: string): GgufEntry {
  const start = cursor.position;
  const typeId = cursor.uint32(what);
  if (typeId === arrayTypeId) {
    const array = readArrayEntry(cursor, what);
    return { ...array, start, end: cursor.position };
  }
  const type = scalarTypeById(typeId);
  if (type === undefined) return cursor.fail(`${what} has unknown type ${String(typeId)}`);
  const value = cursor.scalar(type.name, what);
  return { type: type.name, value, start, end: cursor.position };
}

function readArrayEntry(cursor: GgufCursor, what: string): GgufArrayEntry {
  const itemTypeId = cursor.uint32(what);
  if (itemTypeId === arrayTypeId) cursor.fail(`${what} is a list of lists`);
  const itemType = scalarTypeById(itemTypeId);
  if (itemType === undefined) return cursor.fail(`${what} is a list of unknown type ${String(itemTypeId)}`);
  const count = readCount(cursor, `the length of ${what}`, itemType.bytes);
  const offset = cursor.position;
  if (itemType.name !== 'string') cursor.skip(count * itemType.bytes, what);
  else for (let index = 0; index < count; index++) cursor.skipText(`item ${String(index)} of ${what}`);
  return { type: 'array', itemType: itemType.name, count, offset };
}

function readAlignment(cursor: GgufCursor, metadata: GgufMetadata): number {
  const entry = metadata.entries.get('general.alignment');
  if (entry === undefined) return defaultAlignment;
  const value = entry.type === 'uint32' ? Number(entry.value) : 0;
  if (value < 1 || value > maxAlignment || (value & (value - 1)) !== 0) return cursor.fail('general.alignment is no power of two that fits');
  return value;
}

/** A tensor's row in the header; its offset still counts from the start of the data. */
function readTensors(cursor: GgufCursor, path: string, count: number): GgufTensor[] {
  const tensors: GgufTensor[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < count; index++) {
    const name = cursor.name('a tensor name', maxTensorNameBytes);
    if (seen.has(name)) cursor.fail(`tensor ${name} comes twice`);
    seen.add(name);
    const shape = readShape(cursor, name);
    const typeId = cursor.uint32(`the type of ${name}`);
    const dtype = dtypeOfGgmlType(typeId);
    if (dtype === undefined) throw new AppError('TENSOR_TYPE_UNSUPPORTED', { path, tensor: name, type: ggmlTypeName(typeId), known: readableTypeNames });
    if ((shape.at(-1) ?? 1) % dtypes[dtype].blockElements !== 0) cursor.fail(`rows of ${name} are no whole number of ${ggmlTypeName(typeId)} blocks`);
    const offset = cursor.size(`the offset of ${name}`);
    tensors.push({ name, dtype, shape, offset, bytes: byteLength(dtype, shape) });
  }
  return tensors;
}

function readShape(cursor: GgufCursor, name: string): number[] {
  const dimensions = cursor.uint32(`the dimensions of ${name}`);
  if (dimensions < 1 || dimensions > maxDimensions) cursor.fail(`${name} has ${String(dimensions)} dimensions`);
  const innermostFirst: number[] = [];
  let elements = 1;
  for (let index = 0; index < dimensions; index++) {
    const size = cursor.size(`a dimension of ${name}`);
    elements *= size;
    if (size === 0 || !Number.isSafeInteger(elements * 8)) cursor.fail(`${name} has a dimension of ${String(size)}`);
    innermostFirst.push(size);
  }
  return innermostFirst.reverse();
}

/** Turns offsets into places in the file; refuses tensors that are misaligned, reach past the end or overlap. */
function placeTensors(file: PositionedFile, tensors: readonly GgufTensor[], start: number, alignment: number): GgufTensor[] {
  const fail = (problem: string, offset: number): never => {
    throw new AppError('GGUF_INVALID', { path: file.path, problem, offset });
  };
  const placed = tensors.map((tensor) => ({ ...tensor, offset: start + tensor.offset }));
  let end = start;
  let before = '';
  for (const { name, offset, bytes } of placed.toSorted((a, b) => a.offset - b.offset)) {
    if ((offset - start) % alignment !== 0) fail(`tensor ${name} is not aligned to ${String(alignment)}`, offset);
    if (offset < end) fail(`tensors ${before} and ${name} overlap`, offset);
    end = offset + bytes;
    before = name;
    if (end > file.size) fail(`tensor ${name} ends at byte ${String(end)}, the file at ${String(file.size)}`, offset);
  }
  return placed;
}
