/** An exclusive lock on a file that dies with its owner: an open write transaction of an SQLite database that holds nothing. */
import SqliteDatabase from 'better-sqlite3';

export interface FileLock {
  release(): void;
}

/** null where another process holds it. */
export function lockFile(path: string): FileLock | null {
  const database = new SqliteDatabase(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
