/** The table of layouts, and how one is found: by the user's column mapping, else by the columns of the first rows. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Sample } from '../types.ts';
import { alpacaLayout } from './alpaca.ts';
import { isRow, type Layout, type Row } from './layout.ts';
import { messagesLayout } from './messages.ts';
import { promptCompletionLayout } from './prompt-completion.ts';
import { sharegptLayout } from './sharegpt.ts';
import { textLayout } from './text.ts';

/** In the order in which they are tried. */
export const layouts: readonly Layout[] = [messagesLayout, sharegptLayout, alpacaLayout, promptCompletionLayout, textLayout];

/** Lathe's column name to the file's, for example {prompt: 'question', completion: 'answer'}. */
export type ColumnMapping = Readonly<Record<string, string>>;

export interface DetectedLayout {
  readonly name: string;
  /** Lathe's column name to the file's. */
  readonly columns: ColumnMapping;
  /** The sample of a row of this file, or null where the row is empty. */
  toSample(value: unknown): Sample | null;
}

const toRow = (value: unknown): Row | null => (typeof value === 'string' ? { text: value } : isRow(value) ? value : null);

/** Under what the first rows carry their fields. */
export const columnsOf = (values: readonly unknown[]): ReadonlySet<string> => new Set(values.flatMap((value) => Object.keys(toRow(value) ?? {})));

/** Which of the file's columns plays which part, or null if a required one is not there. Names count without case. */
function matchLayout(layout: Layout, present: ReadonlySet<string>, mapping: ColumnMapping): ColumnMapping | null {
  const byLowerCase = new Map([...present].map((column) => [column.toLowerCase(), column]));
  const found: [string, string][] = [];
  for (const column of [...layout.required, ...layout.optional]) {
    const taken = new Set(found.map(([, actual]) => actual));
    const names = [column, ...(layout.synonyms[column] ?? [])];
    const actual = mapping[column] ?? names.map((name) => byLowerCase.get(name)).find((name) => name !== undefined && !taken.has(name));
    if (actual !== undefined) found.push([column, actual]);
    else if (layout.required.includes(column)) return null;
  }
  return Object.fromEntries(found);
}

function bind(layout: Layout, columns: ColumnMapping): DetectedLayout {
  const renames = Object.entries(columns);
  return {
    name: layout.name,
    columns,
    toSample(value) {
      const row = toRow(value);
      return row === null ? null : layout.toSample(Object.fromEntries(renames.map(([column, actual]) => [column, row[actual]])));
    },
  };
}

const known = (): string => layouts.map((layout) => `${layout.name} (${[...layout.required, ...layout.optional].join(', ')})`).join('; ');

function layoutOfMapping(mapping: ColumnMapping): Layout {
  const keys = Object.keys(mapping);
  const stray = keys.find((key) => !layouts.some((layout) => layout.required.includes(key) || layout.optional.includes(key)));
  const layout = layouts.find((each) => each.required.every((column) => keys.includes(column)));
  if (stray === undefined && layout !== undefined) return layout;
  const problem = stray === undefined ? `the columns ${keys.join(', ')} make up no layout` : `'${stray}' is no column of any layout`;
  throw new AppError('USAGE', { problem: `--columns: ${problem}`, hint: `Layouts and their columns: ${known()}.` });
}

interface DetectOptions {
  /** The file, for errors. */
  readonly path: string;
  readonly columns?: ColumnMapping;
  /** A layout's name, where it is not to be found out. */
  readonly layout?: string;
}

/** `values` are the first rows of the file. */
export function detectLayout(values: readonly unknown[], { path, columns: mapping = {}, layout: name }: DetectOptions): DetectedLayout {
  const present = columnsOf(values);
  const unknown = new AppError('DATASET_COLUMNS_UNKNOWN', { path, columns: [...present].join(', ') || 'none' });
  if (Object.values(mapping).some((actual) => !present.has(actual))) throw unknown;
  const candidates = candidateLayouts(name, mapping);
  for (const layout of candidates) {
    const matched = matchLayout(layout, present, mapping);
    if (matched !== null) return bind(layout, matched);
  }
  throw unknown;
}

function candidateLayouts(name: string | undefined, mapping: ColumnMapping): readonly Layout[] {
  if (name === undefined) return Object.keys(mapping).length > 0 ? [layoutOfMapping(mapping)] : layouts;
  const layout = layouts.find((each) => each.name === name);
  if (layout !== undefined) return [layout];
  throw new AppError('USAGE', { problem: `'${name}' is no layout`, hint: `Use one of: ${known()}.` });
}
