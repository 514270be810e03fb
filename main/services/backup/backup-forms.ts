/** What a backup is written to and read from, whichever form it has: a folder of many, or one file. */
import type { BackupFile, BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import type { FileFacts, FileRange } from '../../platform/atomic-files.ts';

/** In a backup, as in a home. */
export const databaseName = 'lathe.db';

/** A file of the home; `name` is its place there. */
export interface NamedSource {
  readonly name: string;
  readonly source: string;
}

export type PutFile = FileFacts & { readonly isNew: boolean };

export interface BackupTarget {
  readonly path: string;
  /** Gives a folder for what is not finished; clears away what earlier ones left. */
  begin(): string;
  /** How much of these it will have to take in. */
  missingBytes(sources: readonly string[]): Promise<number>;
  put(file: NamedSource): Promise<PutFile>;
  /** From here on the backup counts. Returns what to restore it by. */
  finish(manifest: Omit<BackupManifest, 'seal'>): string;
  /** Takes away what is not finished. */
  end(): void;
}

export interface BackupSource {
  /** What it is called by. */
  readonly path: string;
  readonly manifest: BackupManifest;
  /** Where the content of a file lies; null: it is missing. */
  find(file: Pick<BackupFile, 'path' | 'sha256'>): ({ readonly file: string } & FileRange) | null;
}
