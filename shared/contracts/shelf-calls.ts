/** Calls about the shelves: models and data sets under names, and what files are before they come there. */
import { z } from 'zod';
import { ShelfEntry, ShelfKind, ShelfName } from '../domain/shelf-entry.ts';
import { HanaSource } from '../domain/hana-source.ts';
import { ColumnMapping } from '../domain/data-config.ts';
import { TrainingSettings, trainingDefaults } from '../domain/training-settings.ts';
import { call } from './call.ts';
import { InspectJob, InspectResult } from './compute-jobs.ts';

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

/** How the rows of a file would be read: as `data` and `training` of a configuration say it. */
export const PreviewRows = z.strictObject({
  /** Absolute, or a name on the shelf. */
  path: absolutePath,
  /** In whose tokens (absolute path or name); null: those of the one that comes with Lathe. */
  model: z.string().min(1).nullable().default(null),
  /** null: found out. */
  columns: ColumnMapping.nullable().default(null),
  /** A Jinja file used instead of the model's own; null: the model's own. */
  chat_template: z.string().min(1).nullable().default(null),
  max_seq_length: TrainingSettings.shape.max_seq_length.default(trainingDefaults.max_seq_length),
  train_on: TrainingSettings.shape.train_on.default(trainingDefaults.train_on),
  /** How many rows. */
  show: InspectJob.shape.show.default(20),
});

export const shelfCalls = {
  'models.add': call({ does: 'put a model on the shelf', role: 'trainer', input: newItem, output: ShelfItem }),
  'models.list': list('models'),
  'models.get': get('model'),
  'models.remove': remove('model'),
  'models.check': check('model'),
  'models.inspect': call({
    does: 'what a model or adapter is, on a shelf or not',
    role: 'trainer',
    /** Absolute, or a name. */
    input: z.strictObject({ path: absolutePath }),
    output: InspectResult.pick({ kind: true, facts: true, problems: true }),
  }),
  'datasets.add': call({
    does: 'put a data set on the shelf',
    role: 'trainer',
    /** `model`: the one whose tokens its facts are counted in (absolute path or name); null: the one that comes with Lathe. */
    input: newItem.extend({ model: z.string().min(1).nullable().default(null) }),
    output: ShelfItem,
  }),
  'datasets.fetch': call({
    does: 'fetch rows from a HANA into LATHE_HOME and put them on the shelf as a data set; what was cut off goes on where its rows have an order',
    role: 'admin',
    input: z.strictObject({ name: ShelfName, source: HanaSource, model: z.string().min(1).nullable().default(null) }),
    output: ShelfItem,
  }),
  'datasets.refresh': call({
    does: 'fetch a data set from its HANA again; by its change column only what came since',
    role: 'admin',
    input: byName,
    output: ShelfItem,
  }),
  'datasets.stopFetch': call({ does: 'end the fetch of a data set', role: 'admin', input: byName, output: z.null() }),
  'datasets.list': list('data sets'),
  'datasets.get': get('data set'),
  'datasets.remove': remove('data set'),
  'datasets.check': check('data set'),
  'datasets.preview': call({
    does: 'rows of a file as a model would see them and what of them is graded; its columns, lengths and problems, also where it cannot be trained on as it stands',
    role: 'trainer',
    input: PreviewRows,
    output: InspectResult.omit({ kind: true, path: true }),
  }),
} as const;

export const shelfEvents = {
  'shelf.changed': ShelfItem,
  /** What is in the file so far. */
  'dataset.fetched': z.object({ name: z.string(), rows: z.int().min(0), bytes: z.int().min(0) }),
  'shelf.removed': z.object({ kind: ShelfKind, name: z.string() }),
} as const;
