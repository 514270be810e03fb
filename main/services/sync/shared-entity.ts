/** The kinds of facts that are shared: the table of each in HANA, the columns people read there, and what is special about two changes of one. */
import type { HanaRow, HanaValue } from '../hana/hana-session.ts';
import { entityTables, type EntityTable } from '../hana/schema/entity-tables.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import { contentOf, sameValue, type FactContent } from './fact-content.ts';
import { mergeFields, type Fields } from './merge-fields.ts';
import { mergeVersions } from './merge-versions.ts';

export type Merge = (base: Fields, mine: Fields, theirs: Fields) => { readonly fields: Fields; readonly clashes: readonly string[] };

export interface SharedEntity extends EntityTable {
  readonly merge: Merge;
  /** Whether two rows of one id, neither of which came from the other, are two things that have the same name by chance. */
  readonly areTwo: (mine: Fields, theirs: Fields) => boolean;
}

const merge: Merge = (base, mine, theirs) => mergeFields(base, mine, theirs, sameValue);
const plain = { merge, areTwo: () => false };

/** A tag that both moved to the same version is where both want it. */
const mergeTags: Merge = (base, mine, theirs) => (sameValue(mine['version'], theirs['version']) ? { fields: theirs, clashes: [] } : merge(base, mine, theirs));
/** Who settles first has settled it. */
const firstSettles: Merge = (_, mine, theirs) => ({ fields: theirs['state'] === 'settled' ? theirs : mine, clashes: [] });
/** A version is made at one time by one person. */
const areTwoVersions = (mine: Fields, theirs: Fields): boolean => !sameValue([mine['created'], mine['created_by']], [theirs['created'], theirs['created_by']]);

export const sharedEntities: Readonly<Record<string, SharedEntity>> = {
  run: { ...entityTables.run, ...plain },
  version: { ...entityTables.version, merge: mergeVersions, areTwo: areTwoVersions },
  tag: { ...entityTables.tag, ...plain, merge: mergeTags },
  benchmark: { ...entityTables.benchmark, ...plain },
  deployment: { ...entityTables.deployment, ...plain },
  audit: { ...entityTables.audit, ...plain },
  conflict: { ...entityTables.conflict, ...plain, merge: firstSettles },
};

/** Throws where nobody knows the entity: a bug of ours, since only ours are asked for. */
export function sharedEntity(name: string): SharedEntity {
  const entity = Object.hasOwn(sharedEntities, name) ? sharedEntities[name] : undefined;
  if (entity === undefined) throw new Error(`no shared entity is called ${name}`);
  return entity;
}

/** Columns that every table has. */
const syncColumns = ['REV', 'HASH', 'DEVICE', 'UPDATED_AT', 'DELETED', 'SEQ', 'SCHEMA_VERSION', 'PAYLOAD'] as const;

export interface Written {
  readonly id: string;
  readonly rev: number;
  readonly seq: number;
  readonly device: string;
  readonly at: string;
  readonly content: FactContent;
}

const columnsOf = (entity: SharedEntity): readonly string[] => [...syncColumns, ...Object.keys(entity.columns)];

export const insertStatement = (entity: SharedEntity): string => {
  const names = ['ID', ...columnsOf(entity)];
  return `INSERT INTO ${entity.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
};
export const updateStatement = (entity: SharedEntity): string =>
  `UPDATE ${entity.table} SET ${columnsOf(entity)
    .map((name) => `${name} = ?`)
    .join(', ')} WHERE ID = ? AND REV = ?`;

export const insertValues = (entity: SharedEntity, written: Written): HanaValue[] => [written.id, ...valuesOf(entity, written)];
/** `over`: the revision that it has in HANA. */
export const updateValues = (entity: SharedEntity, written: Written, over: number): HanaValue[] => [...valuesOf(entity, written), written.id, over];

function valuesOf({ columns }: SharedEntity, { rev, seq, device, at, content }: Written): HanaValue[] {
  const { payload, text: json, hash, schema } = content;
  const sync = [rev, hash, device, at, payload === null ? 1 : 0, seq, schema, payload === null ? null : json];
  return [...sync, ...Object.values(columns).map(({ read }) => (payload === null ? null : read(payload)))];
}

export const rowSelect = ({ table }: SharedEntity, count: number): string =>
  `SELECT ID, ${syncColumns.join(', ')} FROM ${table} WHERE ID IN (${Array(count).fill('?').join(', ')})`;
export const markSelect = ({ table }: SharedEntity, count: number): string =>
  `SELECT ID, REV, HASH FROM ${table} WHERE ID IN (${Array(count).fill('?').join(', ')})`;

/** Throws where the payload is no JSON. */
export function sharedRow(entity: string, row: HanaRow): SharedRow {
  const text = row['PAYLOAD'];
  const { payload } = contentOf(typeof text === 'string' && Number(row['DELETED']) === 0 ? JSON.parse(text) : null, 1);
  return {
    entity,
    id: String(row['ID']),
    rev: Number(row['REV']),
    hash: String(row['HASH']),
    device: String(row['DEVICE']),
    seq: Number(row['SEQ']),
    schema: Number(row['SCHEMA_VERSION']),
    payload,
    updated_at: String(row['UPDATED_AT']),
  };
}
