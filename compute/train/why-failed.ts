/** Why a run failed: where a later attempt has taken its folder, that is the reason, whatever was found missing there. */
import { toAppError } from '../../shared/errors/wire-error.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { nativeFailure } from '../tensor/native-failure.ts';
import type { RunFolder } from './run-folder.ts';

export function whyFailed(folder: Pick<RunFolder, 'requireOwn'>, thrown: unknown): AppError {
  try {
    folder.requireOwn();
  } catch (fenced) {
    return toAppError(fenced);
  }
  return toAppError(nativeFailure(thrown));
}
