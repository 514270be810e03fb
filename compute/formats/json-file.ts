/** Reads a JSON file that a model folder holds: bounded in size, its failures named. */
import { statSync, readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from './file-errors.ts';

/** tokenizer.json of large vocabularies is the longest, some 30 MB. */
const maxBytes = 256 << 20;

/** The parsed file; MODEL_INVALID if it is too large or no JSON. */
export function readJsonFile(path: string, what: string): unknown {
  const bytes = withFileErrors({ path, what, action: 'read' }, () => statSync(path).size);
  if (bytes > maxBytes) throw new AppError('MODEL_INVALID', { path, problem: `it has ${String(bytes)} bytes, at most ${String(maxBytes)} are read` });
  const text = withFileErrors({ path, what, action: 'read' }, () => readFileSync(path, 'utf8'));
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new AppError('MODEL_INVALID', { path, problem: `it is no JSON (${error instanceof Error ? error.message : String(error)})` }, { cause: error });
  }
}
