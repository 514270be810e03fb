/** Counts what happens to the rows of a data set and keeps the first few examples of every kind of problem. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { DatasetReport, LengthBin, LengthHistogram, RowProblem } from './types.ts';

const examplesPerKind = 5;
const firstBin = 32;
/** Columns of a histogram, at most. */
const mostColumns = 32;

type Kind = 'empty' | 'duplicates' | 'truncated' | 'ungraded' | 'controlTokens';

interface UsedRow {
  /** Tokens before any cut. */
  readonly length: number;
  readonly tokens: number;
  readonly gradedTokens: number;
}

export class ReportBuilder {
  readonly #counts: Record<Kind, number> = { empty: 0, duplicates: 0, truncated: 0, ungraded: 0, controlTokens: 0 };
  readonly #examples = new Map<string, RowProblem[]>();
  /** Rows by the power of two that their length fits in, from `firstBin` on. */
  readonly #bins: number[] = [];
  readonly #lengths = new Map<number, number>();
  #rows = 0;
  #used = 0;
  #tokens = 0;
  #gradedTokens = 0;

  addRow(): void {
    this.#rows += 1;
  }

  count(kind: Kind, line: number, problem: string): void {
    this.#counts[kind] += 1;
    this.note(kind, line, problem);
  }

  /** A remark without a count of its own. */
  note(kind: string, line: number, problem: string): void {
    const examples = this.#examples.get(kind) ?? [];
    if (examples.length < examplesPerKind) examples.push({ line, problem });
    this.#examples.set(kind, examples);
  }

  addUsed({ length, tokens, gradedTokens }: UsedRow): void {
    this.#used += 1;
    this.#tokens += tokens;
    this.#gradedTokens += gradedTokens;
    const bin = Math.max(0, Math.ceil(Math.log2(length / firstBin)));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + 1);
  }

  /** Throws where nothing was left to learn from. */
  requireRows(path: string): void {
    if (this.#used > 0) return;
    const { empty, ungraded } = this.#counts;
    const reasons = [`${this.#rows} rows`, `${empty} empty`, `${ungraded} with nothing to learn within max_seq_length`].join(', ');
    throw new AppError('DATASET_EMPTY', { path, reasons });
  }

  finish(origin: Pick<DatasetReport, 'template' | 'layout'>): DatasetReport {
    return {
      rows: this.#rows,
      used: this.#used,
      ...this.#counts,
      tokens: this.#tokens,
      gradedTokens: this.#gradedTokens,
      lengthHistogram: this.#histogram(),
      problems: [...this.#examples.values()].flat().toSorted((a, b) => a.line - b.line),
      ...origin,
    };
  }

  /** In columns of one width, a power of two. */
  lengths(): LengthHistogram {
    const longest = Math.max(0, ...this.#lengths.keys());
    const width = 2 ** Math.max(0, Math.ceil(Math.log2(longest / mostColumns)));
    const columns = Math.ceil(longest / width);
    const counts = Array.from({ length: columns }, () => 0);
    for (const [length, rows] of this.#lengths) {
      const column = Math.ceil(length / width) - 1;
      counts[column] = (counts[column] ?? 0) + rows;
    }
    return { edges: Array.from({ length: columns + 1 }, (_, i) => i * width), counts };
  }

  #histogram(): LengthBin[] {
    return Array.from(this.#bins, (rows: number | undefined, bin) => ({
      from: bin === 0 ? 1 : firstBin * 2 ** (bin - 1) + 1,
      to: firstBin * 2 ** bin,
      rows: rows ?? 0,
    }));
  }
}
