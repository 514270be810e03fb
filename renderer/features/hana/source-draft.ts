/** Rows of a HANA as they are asked for in a form, and what is wrong with that by the schema that the core checks it with. Pure. */
import { HanaSource } from '../../../shared/domain/hana-source.ts';
import { ShelfName } from '../../../shared/domain/shelf-entry.ts';
import { fieldProblem, given } from '../../components/written.ts';
import { texts } from '../../texts/texts.ts';

/** Empty texts: not given. */
export interface SourceDraft {
  readonly name: string;
  readonly connection: string;
  readonly how: 'table' | 'select';
  readonly table: string;
  readonly select: string;
  /** A line each: `field = COLUMN`. */
  readonly fields: string;
  /** NaN: all. */
  readonly limit: number;
  readonly order_by: string;
  readonly change_column: string;
}

export const emptySource = (connection: string): SourceDraft => ({
  ...{ name: '', connection, how: 'table', table: '', select: '', fields: '', limit: Number.NaN, order_by: '', change_column: '' },
});

export interface ReadSource {
  /** null: something is wrong. */
  readonly source: HanaSource | null;
  readonly problems: Readonly<Record<string, string>>;
}

export function readSource(draft: SourceDraft): ReadSource {
  const { how, connection, limit } = draft;
  const problems: Record<string, string> = {};
  const name = ShelfName.safeParse(draft.name.trim());
  if (!name.success) problems['name'] = fieldProblem(draft.name.trim(), name.error.issues[0]?.message ?? '');
  const { fields, wrong } = fieldsIn(draft.fields);
  if (wrong !== null) problems['fields'] = texts.hana.rows.fieldWrong(wrong);
  const asked = how === 'table' ? { table: draft.table.trim() } : { select: draft.select.trim() };
  const parsed = HanaSource.safeParse({
    ...{ connection, ...asked, fields, limit: Number.isNaN(limit) ? null : limit },
    ...{ order_by: given(draft.order_by), change_column: given(draft.change_column) },
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = String(path[0] ?? how);
    problems[field] ??= fieldProblem(field === 'table' || field === 'select' ? asked[field] : message, message);
  }
  return { source: parsed.success && Object.keys(problems).length === 0 ? parsed.data : null, problems };
}

function fieldsIn(text: string): { readonly fields: Readonly<Record<string, string>> | null; readonly wrong: string | null } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line) => /^([^=]+?)\s*=\s*([^=]+)$/.exec(line));
  const wrong = lines.find((_, index) => pairs[index] === null) ?? null;
  if (lines.length === 0 || wrong !== null) return { fields: null, wrong };
  return { fields: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])), wrong: null };
}
