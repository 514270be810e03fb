/** What a model or a data file is called, from where it lies: a name on the shelf, else that of the file. */
import { basename, dirname, extname, relative, sep } from 'node:path';
import type { Paths } from '../../platform/paths.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { embeddedModelName } from '../../../shared/domain/shelf-entry.ts';

export function modelName(path: string, paths: Paths): string {
  if (path === projectFiles.embeddedModel) return embeddedModelName;
  return onShelf(path, paths.models) ?? basename(path).replace(/[.]gguf$/i, '');
}

/** Names that say nothing without their folder's. */
const plainNames: ReadonlySet<string> = new Set(['train', 'test', 'data', 'rows', 'dataset', 'validation']);

export function datasetName(path: string, paths: Paths): string {
  const name = basename(path, extname(path));
  return onShelf(path, paths.datasets) ?? (plainNames.has(name) ? `${basename(dirname(path))}-${name}` : name);
}

function onShelf(path: string, shelf: string): string | null {
  const [first = '..'] = relative(shelf, path).split(sep);
  return first === '..' || first === '' || relative(shelf, path) === path ? null : first;
}
