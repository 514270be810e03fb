/** What is told of a restore. */
export interface RestoreResult {
  readonly manifest: string;
  readonly made: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already just so. */
  readonly unchanged: number;
  /** Where the database before lies now. */
  readonly old_database: string | null;
  /** Where files lie that others came in the place of. */
  readonly replaced: string | null;
}

/** `added`: runs and versions that only their folders knew of. */
export type RestoredHome = RestoreResult & { readonly added: readonly string[] };
