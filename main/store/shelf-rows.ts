/** The shelves as lathe.db keeps them, and what was made from what stands there. */
import { ShelfItem } from '../../shared/contracts/shelf-calls.ts';
import type { ShelfEntry, ShelfKind } from '../../shared/domain/shelf-entry.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export class ShelfRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert({ kind, name, path, is_copy, bytes, sha256, added, facts }: ShelfEntry): void {
    this.#database
      .prepare(
        `INSERT INTO shelf (kind, name, path, is_copy, bytes, sha256, added, facts)
         VALUES ($kind, $name, $path, $isCopy, $bytes, $sha256, $added, $facts)`,
      )
      .run({ kind, name, path, isCopy: Number(is_copy), bytes, sha256, added, facts: JSON.stringify(facts) });
  }

  find(kind: ShelfKind, name: string): ShelfItem | null {
    const row = this.#database.prepare('SELECT * FROM shelf WHERE kind = $kind AND name = $name').get({ kind, name });
    return row === undefined ? null : item(row);
  }

  /** What these bytes are called; the first by name where they stand there twice. */
  nameOf(kind: ShelfKind, sha256: string): string | null {
    const row = this.#database.prepare('SELECT name FROM shelf WHERE sha256 = $sha256 AND kind = $kind ORDER BY name LIMIT 1').get({ kind, sha256 });
    return row === undefined ? null : String(row['name']);
  }

  list(kind: ShelfKind, text: string | null): readonly ShelfItem[] {
    return this.#database
      .prepare('SELECT * FROM shelf WHERE kind = $kind AND ($text IS NULL OR instr(lower(name), lower($text)) > 0) ORDER BY name')
      .all({ kind, text })
      .map(item);
  }

  remove(kind: ShelfKind, name: string): void {
    this.#database.prepare('DELETE FROM shelf WHERE kind = $kind AND name = $name').run({ kind, name });
  }

  /** Runs that read this path, and versions made from these very bytes. */
  dependents({ path, sha256 }: Pick<ShelfEntry, 'path' | 'sha256'>): { readonly runs: string[]; readonly versions: string[] } {
    const runs = this.#database.prepare('SELECT run FROM runs WHERE model = $path OR data = $path ORDER BY run').all({ path });
    const versions = this.#database
      .prepare('SELECT name, version FROM versions WHERE base_sha256 = $sha256 OR data_sha256 = $sha256 ORDER BY 1, 2')
      .all({ sha256 });
    return { runs: runs.map(({ run }) => String(run)), versions: versions.map(({ name, version }) => `${String(name)}@${String(version)}`) };
  }
}

const item = (row: Row): ShelfItem =>
  parseRow(
    ShelfItem,
    { ...row, is_copy: row['is_copy'] === 1, facts: json(row['facts']) },
    { table: 'shelf', id: `${String(row['kind'])} ${String(row['name'])}` },
  );
