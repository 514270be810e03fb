/** What a data file is, for `lathe inspect`: layout, columns, lengths, problems, and some rows as they will be trained on. */
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import type { DatasetOptions } from './dataset-options.ts';
import type { ColumnMapping } from './layouts/detect.ts';
import { DatasetPass } from './render-dataset.ts';
import { dataFormatOf } from './readers/read-rows.ts';
import type { DatasetReport, RenderedRow } from './types.ts';

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

/** Reads the whole file once. `samples`: how many rows to show, default 3. */
export async function inspectDataset(options: DatasetOptions & { readonly samples?: number }): Promise<InspectedDataset> {
  const { samples: wanted = 3, tokenizer, path } = options;
  const pass = new DatasetPass(options);
  const samples: InspectedRow[] = [];
  for await (const { line, row } of pass.rows()) if (samples.length < wanted) samples.push({ line, spans: spansOf(row, tokenizer) });
  const report = pass.report();
  return { format: dataFormatOf(path).name, layout: report.layout, columns: pass.layout?.columns ?? {}, report, samples };
}
