/** One step of the schema in HANA: what it makes, one object after another, each of which may be there already. */

export interface SchemaObject {
  readonly kind: 'table' | 'index' | 'view' | 'column' | 'row';
  /** The table it is or belongs to. */
  readonly table: string;
  readonly name: string;
  /** Refused as a duplicate where the object is there; a `row` inserts nothing where it is. */
  readonly sql: string;
}

export interface SchemaStep {
  readonly version: number;
  readonly what: string;
  /** The least `syncVersion` (main/services/sync/sync-clock.ts) that may write after it. */
  readonly minClient: number;
  readonly objects: readonly SchemaObject[];
}

export const table = (name: string, columns: Readonly<Record<string, string>>): SchemaObject => {
  const lines = Object.entries(columns).map(([column, type]) => `  ${column} ${type}`);
  return { kind: 'table', table: name, name, sql: `CREATE COLUMN TABLE ${name} (\n${lines.join(',\n')}\n)` };
};

export const index = (name: string, on: string, columns: string): SchemaObject => ({
  ...{ kind: 'index', table: on, name },
  sql: `CREATE INDEX ${name} ON ${on} (${columns})`,
});

/** `from` is there before it. */
export const view = (name: string, from: string, select: string): SchemaObject => ({
  kind: 'view',
  table: from,
  name,
  sql: `CREATE VIEW ${name} AS ${select}`,
});

export const row = (on: string, name: string, values: string): SchemaObject => ({
  ...{ kind: 'row', table: on, name },
  sql: `INSERT INTO ${on} SELECT ${values} FROM DUMMY WHERE NOT EXISTS (SELECT ID FROM ${on} WHERE ID = 1)`,
});
