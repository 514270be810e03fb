/** What stands on a shelf: a model or a data set under a name. entry.yaml in its folder holds the same, so that the folder explains itself. */
import { z } from 'zod';

export const shelfKinds = ['model', 'dataset'] as const;
export const ShelfKind = z.enum(shelfKinds);
export type ShelfKind = z.infer<typeof ShelfKind>;

/** A name of a folder, on every system. */
export const ShelfName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'must be letters, digits and any of . _ -, and begin with a letter or digit' })
  .refine((name) => !name.endsWith('.'), { error: 'must not end with a dot' });

export const ShelfEntry = z.object({
  kind: ShelfKind,
  name: ShelfName,
  /** Where the file or folder is: elsewhere, or below the entry's own folder. Absolute. */
  path: z.string().min(1),
  /** Its files are in LATHE_HOME and go with the entry. */
  is_copy: z.boolean(),
  bytes: z.int().min(0),
  sha256: z.string().min(1),
  added: z.iso.datetime(),
  /** What `lathe inspect` tells of it. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});
export type ShelfEntry = z.infer<typeof ShelfEntry>;

/** What the model that comes with Lathe is called; nothing else may be. */
export const embeddedModelName = 'lathe-base';

export const shelfFile = 'entry.yaml';
