/** Gathers rows into pages that a message can carry. */
import { hanaPage } from '../../shared/contracts/hana-messages.ts';
import type { Cell, Page } from './driver.ts';

export class PageFiller {
  readonly #columns: readonly string[];
  readonly #onPage: (page: Page) => Promise<void> | void;
  #rows: (readonly Cell[])[] = [];
  #bytes = 0;

  constructor(columns: readonly string[], onPage: (page: Page) => Promise<void> | void) {
    this.#columns = columns;
    this.#onPage = onPage;
  }

  async add(row: readonly Cell[]): Promise<void> {
    const bytes = bytesOf(row);
    if (this.#rows.length > 0 && (this.#bytes + bytes > hanaPage.bytes || this.#rows.length >= hanaPage.rows)) await this.end();
    this.#rows.push(row);
    this.#bytes += bytes;
  }

  /** Without rows nothing is said. */
  async end(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#bytes = 0;
    await this.#onPage({ columns: this.#columns, rows });
  }
}

/** About: a text's length, eight for anything else. */
const bytesOf = (row: readonly Cell[]): number => row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
