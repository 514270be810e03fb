/** Models cut into several GGUF files ("…-00001-of-00003.gguf"): finds the parts and reads them as one. */
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readGguf, type GgufFile } from './gguf-reader.ts';

const partPattern = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;
const maxParts = 1000;

/** All parts of the model that `path` belongs to, the first one first (it holds the metadata). A whole file is its own only part. */
export function readGgufParts(path: string): GgufFile[] {
  const match = partPattern.exec(basename(path));
  if (match === null) return [readWhole(path)];
  const [, stem = '', , total = ''] = match;
  const count = Number(total);
  if (count < 1 || count > maxParts) throw new AppError('MODEL_INVALID', { path, problem: `its name says it is one of ${String(count)} parts` });
  return Array.from({ length: count }, (_, index) =>
    readGguf(join(dirname(path), `${stem}-${String(index + 1).padStart(5, '0')}-of-${total}.gguf`), 'Model part'),
  );
}

function readWhole(path: string): GgufFile {
  const file = readGguf(path);
  const parts = file.metadata.optionalNumber('split.count') ?? 1;
  if (parts > 1)
    throw new AppError('MODEL_INVALID', {
      path,
      problem: `it is one of ${String(parts)} parts but is not named NAME-00001-of-${String(parts).padStart(5, '0')}.gguf`,
    });
  return file;
}
