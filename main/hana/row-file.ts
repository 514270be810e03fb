/** Rows of a query as JSON lines in a file, with a note beside it of how far it is, so that a fetch that was cut off goes on. Rows never leave this process otherwise. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { open, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { FetchNote, type FetchOrder } from '../../shared/contracts/hana-messages.ts';
import { fileFailure } from '../platform/file-failure.ts';
import type { Cell, Page } from './driver.ts';

/** Thrown out of a query when no more rows are wanted. */
export class Enough extends Error {}

export class RowFile {
  readonly #order: FetchOrder;
  readonly #notePath: string;
  #file: FileHandle | null = null;
  #note: FetchNote;

  constructor(order: FetchOrder) {
    this.#order = order;
    this.#notePath = `${order.file}.json`;
    this.#note = { source: order.source, rows: 0, bytes: 0, last: null, changed_until: null, is_whole: false };
  }

  get note(): FetchNote {
    return this.#note;
  }

  /** Goes on with what an earlier fetch of the same left, where that can be told. */
  open(): Promise<void> {
    return this.#told(() => this.#open());
  }

  /** Throws Enough. */
  async write(page: Page): Promise<void> {
    await this.#told(() => this.#write(page));
    const { limit } = this.#order;
    if (limit !== null && this.#note.rows >= limit) throw new Enough();
  }

  /** What the disk refuses is no failure of HANA's. */
  async #told(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      throw fileFailure(error, { what: 'Data set', path: this.#order.file, action: 'write' });
    }
  }

  async #open(): Promise<void> {
    const { file, resume_sql: resumeSql } = this.#order;
    mkdirSync(dirname(file), { recursive: true });
    const earlier = resumeSql === null ? null : this.#earlier();
    if (earlier !== null) this.#note = earlier;
    this.#file = await open(file, earlier === null ? 'w' : 'r+');
    if (earlier !== null) await truncate(file, earlier.bytes);
  }

  async #write({ columns, rows }: Page): Promise<void> {
    const { limit, order_column: ordered, change_column: changed } = this.#order;
    const left = limit === null ? rows.length : Math.min(rows.length, limit - this.#note.rows);
    const taken = rows.slice(0, left);
    const text = Buffer.from(taken.map((row) => `${JSON.stringify(this.#shaped(columns, row))}\n`).join(''));
    const file = this.#opened();
    await file.write(text, 0, text.length, this.#note.bytes);
    // Of what the disk may not have yet nothing is said.
    await file.datasync();
    this.#opened();
    const at = (name: string | null, row: readonly Cell[] | undefined): Cell => (name === null ? null : (row?.[columns.indexOf(name)] ?? null));
    this.#note = {
      ...this.#note,
      rows: this.#note.rows + taken.length,
      bytes: this.#note.bytes + text.length,
      last: at(ordered, taken.at(-1)),
      changed_until: taken.reduce<Cell>((most, row) => later(most, at(changed, row)), this.#note.changed_until),
    };
    this.#keep();
  }

  async end(): Promise<void> {
    this.#note = { ...this.#note, is_whole: true };
    await this.close();
    this.#keep();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  /** A driver may bring rows that it has still when its session was cut and another fetch has the file. Throws Enough. */
  #opened(): FileHandle {
    if (this.#file === null) throw new Enough();
    return this.#file;
  }

  #earlier(): FetchNote | null {
    if (!existsSync(this.#notePath) || !existsSync(this.#order.file)) return null;
    const parsed = z.preprocess(jsonOf, FetchNote).safeParse(readFileSync(this.#notePath, 'utf8'));
    if (!parsed.success || parsed.data.source !== this.#order.source || parsed.data.is_whole || parsed.data.last === null) return null;
    return statSync(this.#order.file).size < parsed.data.bytes ? null : parsed.data;
  }

  #keep(): void {
    writeFileSync(`${this.#notePath}.new`, JSON.stringify(this.#note));
    renameSync(`${this.#notePath}.new`, this.#notePath);
  }

  #shaped(columns: readonly string[], row: readonly Cell[]): Record<string, Cell> {
    const { fields } = this.#order;
    if (fields.length === 0) return Object.fromEntries(columns.map((column, index) => [column.toLowerCase(), row[index] ?? null]));
    return Object.fromEntries(fields.map(([field, column]) => [field, row[columns.indexOf(column)] ?? null]));
  }
}

const jsonOf = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
};

const whole = /^-?\d+$/;

/** Numbers by their size, whichever way they are spelt; texts, times among them, by their letters. */
function later(a: Cell, b: Cell): Cell {
  if (a === null || b === null) return a ?? b;
  const [x, y] = [String(a), String(b)];
  if (whole.test(x) && whole.test(y)) return BigInt(x) >= BigInt(y) ? a : b;
  if (typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  return x >= y ? a : b;
}
