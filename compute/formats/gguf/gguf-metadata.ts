/** The metadata of a GGUF file with typed questions: a missing or mistyped key is an error that names it. Arrays are read when asked for. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { PositionedFile } from '../positioned-file.ts';
import { GgufCursor } from './gguf-cursor.ts';
import type { GgufArrayEntry, GgufEntry } from './gguf-value.ts';

export class GgufMetadata {
  readonly path: string;
  readonly entries: ReadonlyMap<string, GgufEntry>;

  constructor(path: string, entries: ReadonlyMap<string, GgufEntry>) {
    this.path = path;
    this.entries = entries;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  optionalNumber(key: string): number | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    if (entry.type === 'array' || typeof entry.value !== 'number') return this.#mistyped(key, entry, 'a number');
    return entry.type === 'float32' ? shortestDecimal(entry.value) : entry.value;
  }

  number(key: string): number {
    return this.optionalNumber(key) ?? this.#missing(key);
  }

  optionalString(key: string): string | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    return entry.type === 'string' ? String(entry.value) : this.#mistyped(key, entry, 'text');
  }

  string(key: string): string {
    return this.optionalString(key) ?? this.#missing(key);
  }

  optionalBoolean(key: string): boolean | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    return entry.type === 'bool' ? entry.value === true : this.#mistyped(key, entry, 'true or false');
  }

  optionalStrings(key: string): string[] | null {
    const entry = this.#array(key, 'a list of texts', ['string']);
    if (entry === null) return null;
    return this.#withCursor(entry, (cursor) => Array.from({ length: entry.count }, () => cursor.text(`an item of ${key}`)));
  }

  optionalFloats(key: string): Float32Array | null {
    const entry = this.#array(key, 'a list of numbers', ['float32', 'float64']);
    if (entry === null) return null;
    return this.#withCursor(entry, (cursor) => Float32Array.from({ length: entry.count }, () => Number(cursor.scalar(entry.itemType, `an item of ${key}`))));
  }

  optionalIntegers(key: string): Int32Array | null {
    const entry = this.#array(key, 'a list of whole numbers', ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'bool']);
    if (entry === null) return null;
    return this.#withCursor(entry, (cursor) => Int32Array.from({ length: entry.count }, () => Number(cursor.scalar(entry.itemType, `an item of ${key}`))));
  }

  #array(key: string, wanted: string, itemTypes: readonly string[]): GgufArrayEntry | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    return entry.type === 'array' && itemTypes.includes(entry.itemType) ? entry : this.#mistyped(key, entry, wanted);
  }

  #withCursor<T>(entry: GgufArrayEntry, read: (cursor: GgufCursor) => T): T {
    using file = new PositionedFile(this.path, 'Model');
    return read(new GgufCursor(file, entry.offset));
  }

  #missing(key: string): never {
    throw new AppError('MODEL_INVALID', { path: this.path, problem: `its metadata lacks ${key}` });
  }

  #mistyped(key: string, entry: GgufEntry, wanted: string): never {
    const got = entry.type === 'array' ? `a list of ${entry.itemType}` : entry.type;
    throw new AppError('MODEL_INVALID', { path: this.path, problem: `metadata ${key} is ${got}, expected ${wanted}` });
  }
}

/** The shortest decimal that is the same float32: 1e-5 where the file holds 9.99999974737875e-6. */
export function shortestDecimal(float32: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(float32.toPrecision(digits));
    if (Math.fround(rounded) === float32) return rounded;
  }
  return float32;
}
