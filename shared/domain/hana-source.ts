/** Rows of a HANA that a data set is made from: which, under which names, how many. It is read alone, and its values are bound, never written into the statement. */
import { z } from 'zod';
import { HanaConnectionName, HanaIdentifier } from './hana-connection.ts';

/** `T` or `SCHEMA.T`: a table or a view. */
export const HanaTableName = z
  .string()
  .max(260)
  .regex(/^[A-Za-z_][\w#$]*(?:\.[A-Za-z_][\w#$]*)?$/, { error: 'must be TABLE or SCHEMA.TABLE, in plain names' });

export const HanaParameter = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const HanaSource = z
  .strictObject({
    connection: HanaConnectionName,
    /** One of both. */
    table: HanaTableName.nullable().default(null),
    select: z.string().min(1).max(50_000).nullable().default(null),
    /** Of `:name` in the select. */
    params: z.record(z.string().regex(/^[A-Za-z_]\w*$/), HanaParameter).default({}),
    /** What a row's fields are called, and the column of each; null: every column, in lower case. */
    fields: z.record(z.string().min(1).max(100), HanaIdentifier).nullable().default(null),
    limit: z.int().min(1).nullable().default(null),
    /** A column whose values are unique and not NULL: by it a fetch that was cut off goes on. */
    order_by: HanaIdentifier.nullable().default(null),
    /** A column that grows with every row that is added: a refresh fetches what came after the last. */
    change_column: HanaIdentifier.nullable().default(null),
  })
  .refine(({ table, select }) => (table === null) !== (select === null), { error: 'must be a table or a select, and not both', path: ['table'] });
export type HanaSource = z.output<typeof HanaSource>;
