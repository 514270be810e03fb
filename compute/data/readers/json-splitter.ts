/**
 * Cuts a JSON text into the values of its outermost array (or into values that follow one another) without parsing them: it follows
 * brackets and strings only, so a file of any size needs the memory of one row.
 */

export interface JsonSlice {
  /** Line the value begins at. */
  readonly line: number;
  readonly bytes: Buffer;
}

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const openings = new Set([code('['), code('{')]);
const closings = new Set([code(']'), code('}')]);
const openArray = code('[');
const closeArray = code(']');
const comma = code(',');
const newline = code('\n');
const blanks = new Set([code(' '), code('\t'), code('\r'), newline]);

export class JsonSplitter {
  /** Bytes of the value that is not finished. */
  pendingBytes = 0;
  /** Line the present value began at. */
  startLine = 1;
  #pending: Buffer[] = [];
  #line = 1;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInValue = false;
  #arrayState: 'before' | 'inside' | 'after' | 'none' = 'before';

  /** The values that end within this piece. */
  *push(chunk: Buffer): Generator<JsonSlice> {
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i] ?? 0;
      if (byte === newline) this.#line += 1;
      if (!this.#isInValue) {
        if (!this.#begins(byte)) continue;
        start = i;
      }
      const end = this.#follow(byte);
      if (end === 'inside') continue;
      const stop = end === 'after' ? i + 1 : i;
      yield this.#take(chunk.subarray(start, stop));
      // A bare number or word ends at what follows it, which may close the array.
      if (end === 'before' && byte === closeArray) this.#arrayState = 'after';
    }
    if (this.#isInValue) {
      this.#pending.push(chunk.subarray(start));
      this.pendingBytes += chunk.length - start;
    }
  }

  /** What is left at the end of the file, and whether the array was closed. */
  finish(): { readonly slice: JsonSlice | null; readonly isClosed: boolean } {
    const slice = this.#isInValue ? this.#take(Buffer.alloc(0)) : null;
    return { slice, isClosed: this.#arrayState !== 'inside' };
  }

  /** Between values: whether this byte begins one. */
  #begins(byte: number): boolean {
    if (blanks.has(byte)) return false;
    if (this.#arrayState === 'before') {
      this.#arrayState = byte === openArray ? 'inside' : 'none';
      if (byte === openArray) return false;
    }
    if (this.#arrayState === 'inside') {
      if (byte === comma) return false;
      if (byte === closeArray) {
        this.#arrayState = 'after';
        return false;
      }
    }
    this.#isInValue = true;
    this.startLine = this.#line;
    return true;
  }

  /** Inside a value: whether it goes on, ends with this byte, or ended before it. */
  #follow(byte: number): 'inside' | 'after' | 'before' {
    if (this.#isInString) return this.#followString(byte);
    if (byte === quote) {
      this.#isInString = true;
      return 'inside';
    }
    if (openings.has(byte)) {
      this.#depth += 1;
      return 'inside';
    }
    if (this.#depth === 0) return byte === comma || closings.has(byte) || blanks.has(byte) ? 'before' : 'inside';
    if (closings.has(byte)) this.#depth -= 1;
    return this.#depth === 0 ? 'after' : 'inside';
  }

  #followString(byte: number): 'inside' | 'after' {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) {
      this.#isInString = false;
      return this.#depth === 0 ? 'after' : 'inside';
    }
    return 'inside';
  }

  #take(last: Buffer): JsonSlice {
    const bytes = this.#pending.length === 0 ? last : Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.pendingBytes = 0;
    this.#isInValue = false;
    return { line: this.startLine, bytes };
  }
}
