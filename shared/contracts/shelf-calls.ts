/** Calls about the shelves: models and data sets under names. */
import { z } from 'zod';
import { ShelfEntry, ShelfName } from '../domain/shelf-entry.ts';
import { call } from './call.ts';

export const ShelfItem = ShelfEntry.extend({ revision: z.int().min(1) });
export type ShelfItem = z.infer<typeof ShelfItem>;

export const ShelfDetails = ShelfItem.extend({
  /** What was made from it. */
  runs: z.array(z.string()),
  versions: z.array(z.string()),
});
export type ShelfDetails = z.infer<typeof ShelfDetails>;

/** How the files compare with what was put on the shelf; null: they are as they were. */
export const ShelfCheck = z.object({ name: z.string(), path: z.string(), problem: z.string().nullable() });
export type ShelfCheck = z.infer<typeof ShelfCheck>;

const byName = z.strictObject({ name: z.string().min(1).max(100) });
const absolutePath = z.string().min(1);

const list = (what: string) =>
  call({
    does: `the ${what} on the shelf, by name`,
    role: 'viewer',
    input: z.strictObject({ text: z.string().max(200).nullable().default(null) }),
    output: z.object({ items: z.array(ShelfItem) }),
  });
const get = (what: string) =>
  call({ does: `one ${what}, its facts, and the runs and versions made from it`, role: 'viewer', input: byName, output: ShelfDetails });
const remove = (what: string) =>
  call({
    does: `take a ${what} off the shelf; files that are linked stay where they are`,
    role: 'trainer',
    /** `force`: although runs or versions were made from it. */
    input: byName.extend({ force: z.boolean().default(false) }),
    output: z.null(),
  });
const check = (what: string) => call({ does: `hash the files of a ${what} again`, role: 'viewer', input: byName, output: ShelfCheck });
const newItem = z.strictObject({
  name: ShelfName,
  /** Absolute. */
  path: absolutePath,
  /** Copy the files into LATHE_HOME; else they stay, and the shelf points to them. */
  copy: z.boolean().default(false),
});

export const shelfCalls = {
  'models.add': call({ does: 'put a model on the shelf', role: 'trainer', input: newItem, output: ShelfItem }),
  'models.list': list('models'),
  'models.get': get('model'),
  'models.remove': remove('model'),
  'models.check': check('model'),
  'datasets.add': call({
    does: 'put a data set on the shelf',
    role: 'trainer',
    /** `model`: the one whose tokens its facts are counted in (absolute path or name); null: the one that comes with Lathe. */
    input: newItem.extend({ model: z.string().min(1).nullable().default(null) }),
    output: ShelfItem,
  }),
  'datasets.list': list('data sets'),
  'datasets.get': get('data set'),
  'datasets.remove': remove('data set'),
  'datasets.check': check('data set'),
} as const;
