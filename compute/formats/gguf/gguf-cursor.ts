/** Walks through a GGUF header in a small window; refuses to step past the end or to build anything the file is too short for. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { PositionedFile } from '../positioned-file.ts';
import type { GgufScalar, GgufScalarType } from './gguf-value.ts';

const windowBytes = 1 << 16;
/** The longest single string; chat templates are some ten thousand bytes. */
const maxStringBytes = 4 << 20;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class GgufCursor {
  position: number;
  readonly #file: PositionedFile;
  readonly #window: Buffer;
  #windowStart = 0;
  #windowLength = 0;

  constructor(file: PositionedFile, position = 0) {
    this.#file = file;
    this.#window = Buffer.alloc(Math.min(windowBytes, file.size));
    this.position = position;
  }

  get remaining(): number {
    return this.#file.size - this.position;
  }

  /** Reports the file as unsound, at the present place. */
  fail(problem: string): never {
    throw new AppError('GGUF_INVALID', { path: this.#file.path, problem, offset: this.position });
  }

  skip(bytes: number, what: string): void {
    if (bytes > this.remaining) this.fail(`${what} needs ${String(bytes)} bytes, ${String(Math.max(0, this.remaining))} are left`);
    this.position += bytes;
  }

  uint32(what: string): number {
    return this.#step(4, what).readUInt32LE();
  }

  /** An unsigned 64-bit length, count or offset; beyond 2^53 no file can back it. */
  size(what: string): number {
    const value = this.#step(8, what).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} is ${String(value)}`);
    return Number(value);
  }

  /** Names of keys and tensors must be sound UTF-8. */
  name(what: string, maxBytes: number): string {
    const bytes = this.#stringBytes(what, maxBytes);
    try {
      return strictUtf8.decode(bytes);
    } catch {
      return this.fail(`${what} is not UTF-8`);
    }
  }

  /** Texts may hold bytes that are no UTF-8 (vocabularies do); they become U+FFFD. */
  text(what: string): string {
    return lenientUtf8.decode(this.#stringBytes(what, maxStringBytes));
  }

  skipText(what: string): void {
    this.skip(this.#stringLength(what, maxStringBytes), what);
  }

  scalar(type: GgufScalarType, what: string): GgufScalar {
    switch (type) {
      case 'uint8':
        return this.#step(1, what).readUInt8();
      case 'int8':
        return this.#step(1, what).readInt8();
      case 'uint16':
        return this.#step(2, what).readUInt16LE();
      case 'int16':
        return this.#step(2, what).readInt16LE();
      case 'uint32':
        return this.#step(4, what).readUInt32LE();
      case 'int32':
        return this.#step(4, what).readInt32LE();
      case 'float32':
        return this.#step(4, what).readFloatLE();
      case 'float64':
        return this.#step(8, what).readDoubleLE();
      case 'uint64':
        return narrow(this.#step(8, what).readBigUInt64LE());
      case 'int64':
        return narrow(this.#step(8, what).readBigInt64LE());
      case 'bool':
        return this.#bool(what);
      case 'string':
        return this.text(what);
    }
  }

  #bool(what: string): boolean {
    const value = this.#step(1, what).readUInt8();
    if (value > 1) this.fail(`${what} is neither true nor false`);
    return value === 1;
  }

  #stringLength(what: string, maxBytes: number): number {
    const length = this.size(`the length of ${what}`);
    if (length > maxBytes) this.fail(`${what} is ${String(length)} bytes long, at most ${String(maxBytes)} are allowed`);
    if (length > this.remaining) this.fail(`${what} needs ${String(length)} bytes, ${String(this.remaining)} are left`);
    return length;
  }

  #stringBytes(what: string, maxBytes: number): Buffer {
    const length = this.#stringLength(what, maxBytes);
    if (length <= this.#window.length) return this.#step(length, what);
    const bytes = this.#file.read(this.position, length);
    this.skip(length, what);
    return bytes;
  }

  /** The next bytes, as a view that the following step may overwrite. */
  #step(length: number, what: string): Buffer {
    if (length > this.remaining) this.fail(`it ends within ${what}`);
    if (this.position < this.#windowStart || this.position + length > this.#windowStart + this.#windowLength) {
      this.#windowStart = this.position;
      this.#windowLength = this.#file.readInto(this.#window.subarray(0, Math.min(this.#window.length, this.remaining)), this.position);
      if (length > this.#windowLength) this.fail(`it ends within ${what}`);
    }
    const from = this.position - this.#windowStart;
    this.position += length;
    return this.#window.subarray(from, from + length);
  }
}

const narrow = (value: bigint): number | bigint => (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER) ? value : Number(value));
