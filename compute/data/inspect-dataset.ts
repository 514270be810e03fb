/** What a data file is, for `lathe inspect`: layout, columns, lengths, problems, and some rows as they will be trained on. */
import { isAppError, type AppError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import type { DatasetOptions } from './dataset-options.ts';
import type { ColumnMapping } from './layouts/detect.ts';
import { DatasetPass } from './render-dataset.ts';
import { dataFormatOf } from './readers/read-rows.ts';
import type { DatasetReport, LengthHistogram, RenderedRow } from './types.ts';

export interface RenderedSpan {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Whether these tokens are learnt. */
  readonly graded: boolean;
}

export interface InspectedRow {
  readonly line: number;
  readonly spans: readonly RenderedSpan[];
}

export interface InspectedDataset {
  /** The file's format by name: JSON Lines, CSV, ... */
  readonly format: string;
  readonly layout: string;
  /** Lathe's column name to the file's. */
  readonly columns: ColumnMapping;
  /** What the file calls its columns, used or not. */
  readonly found: readonly string[];
  readonly lengths: LengthHistogram;
  /** Why it cannot be trained on; all else then tells of the rows before that. */
  readonly problem: AppError | null;
  readonly report: DatasetReport;
  readonly samples: readonly InspectedRow[];
}

/** Neighbouring tokens of one kind, joined. */
export function spansOf({ tokens, graded }: RenderedRow, tokenizer: Tokenizer): RenderedSpan[] {
  const spans: RenderedSpan[] = [];
  for (let start = 0, end = 1; end <= tokens.length; end += 1) {
    if (end < tokens.length && graded[end] === graded[start]) continue;
    const ids = [...tokens.subarray(start, end)];
    const text = Buffer.concat(ids.map((id) => tokenizer.tokenBytes(id))).toString('utf8');
    spans.push({ text, tokens: ids, graded: graded[start] === 1 });
    start = end;
  }
  return spans;
}

/** What is wrong with the rows, or with how they were to be read; not with the machine, or with us. */
const ofTheRows: ReadonlySet<ErrorCode> = new Set([
  'DATASET_LINE_INVALID',
  'DATASET_COLUMNS_UNKNOWN',
  'DATASET_EMPTY',
  'DATASET_ROW_TOO_LARGE',
  'DATASET_UNREADABLE',
  'CHAT_TEMPLATE_INVALID',
  'USAGE',
]);

export interface InspectOptions extends DatasetOptions {
  /** How many rows to show, default 3. */
  readonly samples?: number;
  /** What is wrong with the rows is told beside what was understood until there; else it is thrown. */
  readonly tolerant?: boolean;
}

/** Reads the whole file once. */
export async function inspectDataset(options: InspectOptions): Promise<InspectedDataset> {
  const { samples: wanted = 3, tokenizer, path, tolerant = false } = options;
  const pass = new DatasetPass(options);
  const samples: InspectedRow[] = [];
  let problem: AppError | null = null;
  try {
    for await (const { line, row } of pass.rows()) if (samples.length < wanted) samples.push({ line, spans: spansOf(row, tokenizer) });
  } catch (error) {
    if (!tolerant || !isAppError(error) || !ofTheRows.has(error.code)) throw error;
    problem = error;
  }
  const report = pass.report();
  const { columns: found, lengths, layout } = pass;
  return { format: dataFormatOf(path).name, layout: report.layout, columns: layout?.columns ?? {}, found, lengths, problem, report, samples };
}
