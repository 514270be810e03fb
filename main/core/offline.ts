/** Work on a LATHE_HOME that needs it for itself: no host may own it meanwhile. */
import { AppError } from '../../shared/errors/app-error.ts';
import { takeHome } from './home-lock.ts';
import { readHostFile } from './host-file.ts';

/** Throws HOME_OWNED. */
export async function withOwnHome<Result>(home: string, act: () => Result | Promise<Result>): Promise<Result> {
  const lock = takeHome(home);
  if (lock === null) {
    const owner = readHostFile(home);
    throw new AppError('HOME_OWNED', { home, pid: owner?.pid ?? 'unknown', what: owner?.kind ?? 'unknown' });
  }
  try {
    return await act();
  } finally {
    lock.release();
  }
}
