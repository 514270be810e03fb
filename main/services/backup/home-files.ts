/** The files of a LATHE_HOME that a backup holds. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { keptFiles, keptFolders } from '../../../shared/domain/backup-manifest.ts';
import { runFiles } from '../../../shared/domain/run-record.ts';

export interface HomeFiles {
  /** Relative to the home, with forward slashes. */
  readonly files: readonly string[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/** Checkpoints are large, and only an unfinished run needs its own. */
export function homeFiles(home: string, { checkpoints }: { readonly checkpoints: boolean }): HomeFiles {
  const files: string[] = keptFiles.filter((name) => existsSync(join(home, name)));
  const links: { path: string; target: string }[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(home, path), { withFileTypes: true })) {
      const child = `${path}/${entry.name}`;
      if (!isKept(child, checkpoints)) continue;
      if (entry.isSymbolicLink()) links.push({ path: child, target: readlinkSync(join(home, child)) });
      else if (entry.isDirectory()) walk(child);
      else if (entry.isFile()) files.push(child);
    }
  };
  for (const folder of keptFolders) if (existsSync(join(home, folder))) walk(folder);
  return { files: files.sort(), links };
}

/** Neither what is being written nor who is writing it. */
function isKept(path: string, checkpoints: boolean): boolean {
  const [first, , third] = path.split('/');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('.') || name.endsWith('.tmp') || name === runFiles.lock) return false;
  return checkpoints || first !== 'runs' || third !== runFiles.checkpoints;
}
