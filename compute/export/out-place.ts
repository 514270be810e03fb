/** Where an export may be written: never over what it reads, and over anything else that is there only by force. */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { peftConfigName } from '../formats/adapters/peft-writer.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import type { ModelSource } from '../formats/model-source.ts';

type Job = Pick<JobOf<'export'>, 'adapter' | 'to' | 'out' | 'force'>;

/** Files by which a folder is known as an adapter or a model; no other folder is ever replaced. */
const marks = [peftConfigName, 'config.json'];

/** The real path to write to; its folder is there. Throws FILE_MISSING, OUT_PROTECTED, OUT_TAKEN. */
export function placeOf({ adapter, to, out, force }: Job, source: ModelSource): string {
  const place = realPlace(out);
  const refuse = (what: string): never => {
    throw new AppError('OUT_PROTECTED', { path: out, what });
  };
  if ([source.path, ...source.files].some((file) => meet(place, file))) refuse(`the base model ${source.path}`);
  if (meet(place, adapter)) refuse(`the adapter ${adapter}`);
  if (!existsSync(place)) return place;
  const stat = statSync(place);
  if (stat.isDirectory()) {
    if (to === 'gguf' || to === 'merged-gguf') refuse('a folder with a file');
    const names = readdirSync(place);
    if (names.length === 0) return place;
    if (!names.some((name) => marks.includes(name))) refuse('a folder that holds no adapter and no model');
  } else if (!stat.isFile()) refuse('what is no file');
  if (!force) throw new AppError('OUT_TAKEN', { path: out });
  return place;
}

/** With every link followed; of what is not there, its folder's. */
function realPlace(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync.native(absolute);
  const folder = dirname(absolute);
  const real = withFileErrors({ path: folder, what: 'Folder to write in', action: 'write' }, () => realpathSync.native(folder));
  if (!statSync(real).isDirectory()) throw new AppError('FILE_MISSING', { what: 'Folder to write in', path: folder });
  return join(real, basename(absolute));
}

/** Whether one is the other or holds it: by its own name too, where it is a link. */
function meet(place: string, read: string): boolean {
  const real = (path: string): string => withFileErrors({ path: read, what: 'Adapter', action: 'read' }, () => realpathSync.native(path));
  const named = join(real(dirname(resolve(read))), basename(resolve(read)));
  return [named, real(read)].some((path) => holds(place, path) || holds(path, place));
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
