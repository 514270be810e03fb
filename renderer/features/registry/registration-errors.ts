/** Where a form says what the core refused. */
import { isAppError, type AppError } from '../../../shared/errors/app-error.ts';
import type { Problems } from './words-draft.ts';

/** A number that is taken is said at its field. */
export const takenProblem = (error: AppError | null): Problems =>
  error !== null && isAppError(error, 'VERSION_TAKEN') ? { version: `${error.message}. ${error.remedy}` } : {};

/** What no field can be blamed for. */
export const elsewhere = (error: AppError | null): AppError | null => (error !== null && isAppError(error, 'VERSION_TAKEN') ? null : error);
