/**
 * Files that a request from outside may name. Names are looked up on the shelves; paths of this machine are its owner's, so that they are taken from
 * an admin alone, absolute, and without `..`.
 */
import { isAbsolute } from 'node:path';
import { parseDeployed } from '../../shared/domain/deployed-name.ts';
import type { Role } from '../../shared/domain/role.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** Fields, wherever they stand, that hold the name or path of a file. A test holds the contract against this list. */
export const fileFields: ReadonlySet<string> = new Set([
  'model',
  'adapter',
  'data',
  'path',
  'eval_path',
  'chat_template',
  'init_adapter',
  'profile_path',
  'dir',
  'to',
  'models',
  'benchmarks',
  'data_folder',
  'folder',
  'ca_file',
  'artifact_folder',
]);

/** Those of them that have no shelf. */
const foldersOnly: ReadonlySet<string> = new Set(['dir', 'to', 'data_folder', 'folder', 'ca_file', 'artifact_folder']);

/** Calls whose `path` has no shelf either: they fill one. */
const opensPaths: ReadonlySet<string> = new Set(['models.add', 'datasets.add', 'registry.import']);

/** Free words of whoever sends them, never opened. */
const freeFields: ReadonlySet<string> = new Set(['metadata', 'parameters', 'metrics', 'evaluation', 'columns']);

/** Throws PATH_FORBIDDEN. */
export function checkFiles(call: string, input: unknown, role: Role, where: readonly string[] = []): void {
  if (typeof input !== 'object' || input === null) return;
  for (const [key, value] of Object.entries(input)) {
    if (freeFields.has(key)) continue;
    const here = [...where, key];
    const isPath = foldersOnly.has(key) || (key === 'path' && opensPaths.has(call));
    if (fileFields.has(key)) for (const text of textsIn(value)) checkFile(text, role, { where: here.join('.'), isPath });
    if (typeof value === 'object') checkFiles(call, value, role, here);
  }
}

/** A field may hold a list of them. */
const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');

function checkFile(text: string, role: Role, { where, isPath }: { readonly where: string; readonly isPath: boolean }): void {
  const refuse = (problem: string): never => {
    throw new AppError('PATH_FORBIDDEN', { where, problem });
  };
  if (text.includes('\0')) refuse('it holds a zero byte');
  // What is deployed is looked up by its name, and never opened.
  if (parseDeployed(text) !== null && !isPath) return;
  const parts = text.split(/[/\\]/);
  if (parts.includes('..') || text === '.') refuse('it leads elsewhere');
  if (parts.length === 1 && !isPath) return;
  if (role !== 'admin') refuse('paths of this machine are for admins');
  if (!isAbsolute(text)) refuse('a path must be absolute');
}
