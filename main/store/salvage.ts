/** Takes out of a damaged database what can still be read: from the front until it breaks, then from the back. */
import { isAppError, type AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { Database, type Row } from './database.ts';

export interface Salvaged {
  /** Rows that came over, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables that could not be read to the end. */
  readonly torn: readonly string[];
}

/** `into` has the newest schema; a row that is there already stays. Throws DISK_FULL, FILE_FORBIDDEN where `into` cannot be written. */
export function salvage(path: string, into: Database, log: Logger): Salvaged {
  const rows: Record<string, number> = {};
  const torn: string[] = [];
  const from = openDamaged(path, log);
  if (from === null) return { rows, torn };
  try {
    for (const table of tablesOf(into)) {
      const isWhole = salvageTable(table, from, into);
      rows[table] = countOf(table, into);
      if (!isWhole) torn.push(table);
    }
  } finally {
    from.close();
  }
  return { rows, torn };
}

function openDamaged(path: string, log: Logger): Database | null {
  try {
    return new Database(path, log, { readonly: true });
  } catch (error) {
    log.warn('the damaged database cannot be read at all', { problem: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** As they were made: what others refer to comes first. */
const tablesOf = (database: Database): readonly string[] =>
  database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all()
    .map(({ name }) => String(name));

const columnsOf = (table: string, database: Database, order = 'cid'): readonly string[] =>
  database
    .prepare(`SELECT name FROM pragma_table_info('${table}') ${order === 'pk' ? 'WHERE pk > 0' : ''} ORDER BY ${order}`)
    .all()
    .map(({ name }) => String(name));

const countOf = (table: string, database: Database): number => Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);

/** Whether it was read to the end. */
function salvageTable(table: string, from: Database, into: Database): boolean {
  const columns = columnsOf(table, into);
  const insert = into.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `$${column}`).join(', ')})`);
  let unwritable: AppError | null = null;
  const take = (row: Row): void => {
    try {
      insert.run(row);
    } catch (error) {
      // A value that the table does not take was garbage; what is in our words says that `into` cannot be written.
      if (!isAppError(error)) return;
      unwritable = error;
      throw error;
    }
  };
  const keys = columnsOf(table, into, 'pk');
  const read = (direction: 'ASC' | 'DESC'): boolean => {
    try {
      from.each(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${keys.map((key) => `${key} ${direction}`).join(', ')}`, take);
      return true;
    } catch {
      if (unwritable !== null) throw unwritable;
      return false;
    }
  };
  return into.transaction(() => read('ASC') || (read('DESC') && false));
}
