/** The files that an adapter consists of, and one hash for them. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withFileErrors } from '../file-errors.ts';
import { sha256OfFile, sha256OfFiles, type HashOf } from '../sha256.ts';

/** A GGUF adapter is one file, a PEFT folder its adapter_* files. */
export function adapterFiles(path: string): readonly string[] {
  return withFileErrors({ path, what: 'Adapter', action: 'read' }, () => {
    if (statSync(path).isFile()) return [path];
    const names = readdirSync(path).filter((name) => name.startsWith('adapter_'));
    return names.map((name) => join(path, name));
  });
}

/** Of the file; of a folder over the lines "sha256  name" of its files. */
export function sha256OfAdapter(path: string, hashOf: HashOf = sha256OfFile): Promise<string> {
  const files = adapterFiles(path);
  return files[0] === path ? hashOf(path) : sha256OfFiles(files, hashOf);
}
