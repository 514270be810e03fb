/** What every reader gives: a row's value and where in the file it begins. And the one limit they share. */

export interface RawRow {
  /** Line the row begins at, from 1; in a Parquet file the row's number. */
  readonly line: number;
  readonly value: unknown;
}

export type RowReader = (path: string) => AsyncIterable<RawRow>;

export const rowLimitBytes = 16 * 1024 * 1024;
export const rowLimitText = '16 MiB';
