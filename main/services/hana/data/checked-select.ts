/** A statement of a user's that reads and does nothing else: one SELECT, its `:name` made into bound values. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { HanaSource } from '../../../../shared/domain/hana-source.ts';
import type { HanaValue } from '../hana-session.ts';

export interface Bound {
  readonly sql: string;
  readonly params: readonly HanaValue[];
}

/** Texts, quoted names and comments as they are; then what matters here. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:[A-Za-z_]\w*|[A-Za-z_]\w*|[^\s]/g;
const writes = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'UPSERT',
  'REPLACE',
  'MERGE',
  'INTO',
  'CREATE',
  'DROP',
  'ALTER',
  'TRUNCATE',
  'CALL',
  'DO',
  'GRANT',
  'EXEC',
  'LOCK',
]);

/** Throws HANA_SELECT_REFUSED. */
export function checkedSelect(select: string, values: HanaSource['params']): Bound {
  const text = select.trim().replace(/;\s*$/, '');
  const params: HanaValue[] = [];
  const words: string[] = [];
  const used = new Set<string>();
  const sql = text.replace(token, (part) => {
    if (/^(--|\/\*)/.test(part)) return ' ';
    if (part.startsWith("'") || part.startsWith('"')) {
      words.push(part.length > 1 ? 'X' : part);
      return part;
    }
    words.push(part.toUpperCase());
    if (!/^:\w/.test(part)) return part;
    const name = part.slice(1);
    if (!Object.hasOwn(values, name)) throw refused(`:${name} has no value; give --param ${name}=VALUE`);
    used.add(name);
    params.push(values[name] ?? null);
    return '?';
  });
  const problem = problemOf(words);
  if (problem !== null) throw refused(problem);
  const unused = Object.keys(values).find((name) => !used.has(name));
  if (unused !== undefined) throw refused(`it has no :${unused}`);
  return { sql, params };
}

function problemOf(words: readonly string[]): string | null {
  if (words[0] !== 'SELECT' && words[0] !== 'WITH') return 'it does not begin with SELECT';
  if (words.includes(';')) return 'it is more than one statement';
  if (words.includes("'") || words.includes('"')) return 'a text or name in it is not closed';
  if (words.includes('?')) return 'values are written as :name';
  const locks = words.findIndex((word, index) => word === 'FOR' && words[index + 1] === 'UPDATE');
  if (locks >= 0) return 'it locks rows (FOR UPDATE)';
  // REPLACE( and INSERT( are functions too.
  const write = words.find((word, index) => writes.has(word) && words[index + 1] !== '(');
  return write === undefined ? null : `it does more than read (${write})`;
}

const refused = (problem: string): AppError => new AppError('HANA_SELECT_REFUSED', { problem });
