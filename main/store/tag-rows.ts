/** Tags of model versions, where they have been, and which states versions have had. History is only added to. */
import { z } from 'zod';
import { StateEntry, TagEntry } from '../../shared/domain/version-record.ts';
import type { Database } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

const Tags = z.record(z.string(), z.string());

export class TagRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The version each tag of a name is on. */
  of(name: string): Readonly<Record<string, string>> {
    const rows = this.#database.prepare('SELECT tag, version FROM tags WHERE name = $name ORDER BY tag').all({ name });
    return parseRow(Tags, Object.fromEntries(rows.map(({ tag, version }) => [String(tag), version])), { table: 'tags', id: name });
  }

  ofVersion(name: string, version: string): string[] {
    return this.#database
      .prepare('SELECT tag FROM tags WHERE name = $name AND version = $version ORDER BY tag')
      .all({ name, version })
      .map(({ tag }) => String(tag));
  }

  versionOf(name: string, tag: string): string | null {
    const row = this.#database.prepare('SELECT version FROM tags WHERE name = $name AND tag = $tag').get({ name, tag });
    return row === undefined ? null : String(row['version']);
  }

  /** `version` null takes the tag away. */
  put(name: string, tag: string, version: string | null): void {
    if (version === null) this.#database.prepare('DELETE FROM tags WHERE name = $name AND tag = $tag').run({ name, tag });
    else
      this.#database
        .prepare('INSERT INTO tags (name, tag, version) VALUES ($name, $tag, $version) ON CONFLICT DO UPDATE SET version = excluded.version')
        .run({ name, tag, version });
  }

  addTagEntry(name: string, { tag, version, previous, at, actor, reason }: TagEntry): void {
    this.#add({ name, kind: 'tag', version, value: tag, previous, at, actor: JSON.stringify(actor), reason, gate: null });
  }

  addStateEntry(name: string, version: string, { state, previous, at, actor, reason, gate }: StateEntry): void {
    this.#add({ name, kind: 'state', version, value: state, previous, at, actor: JSON.stringify(actor), reason, gate: toJson(gate) });
  }

  /** Whether a tag of the name was ever put anywhere. */
  hasHistory(name: string): boolean {
    return this.#database.prepare("SELECT 1 FROM version_history WHERE name = $name AND kind = 'tag' LIMIT 1").get({ name }) !== undefined;
  }

  /** Oldest first. */
  tagHistory(name: string, tag: string | null = null): TagEntry[] {
    const rows = this.#database
      .prepare("SELECT * FROM version_history WHERE name = $name AND kind = 'tag' AND ($tag IS NULL OR value = $tag) ORDER BY entry")
      .all({ name, tag });
    return rows.map(({ value, version, previous, at, actor, reason, entry }) =>
      parseRow(TagEntry, { tag: value, version, previous, at, actor: json(actor), reason }, { table: 'version_history', id: String(entry) }),
    );
  }

  /** Oldest first. */
  stateHistory(name: string, version: string): StateEntry[] {
    const rows = this.#database
      .prepare("SELECT * FROM version_history WHERE name = $name AND version = $version AND kind = 'state' ORDER BY entry")
      .all({ name, version });
    return rows.map(({ value, previous, at, actor, reason, gate, entry }) =>
      parseRow(StateEntry, { state: value, previous, at, actor: json(actor), reason, gate: json(gate) }, { table: 'version_history', id: String(entry) }),
    );
  }

  /** A draft that is deleted takes its states with it; where its tags have been stays known. */
  forgetStates(name: string, version: string): void {
    this.#database.prepare("DELETE FROM version_history WHERE name = $name AND version = $version AND kind = 'state'").run({ name, version });
  }

  #add(row: Readonly<Record<'name' | 'kind' | 'value' | 'at' | 'actor', string> & Record<'version' | 'previous' | 'reason' | 'gate', string | null>>): void {
    this.#database
      .prepare(
        `INSERT INTO version_history (name, version, kind, value, previous, at, actor, reason, gate)
         VALUES ($name, $version, $kind, $value, $previous, $at, $actor, $reason, $gate)`,
      )
      .run(row);
  }
}
