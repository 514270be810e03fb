/** Lays a file into a shared folder: whole and under its name, or not at all. */
import { rm } from 'node:fs/promises';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { copyHashed, hashFile, renameDurably, temporaryBeside } from '../../../platform/atomic-files.ts';
import { fileFailure } from '../../../platform/file-failure.ts';

export interface ShareCopy {
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
  /** The server that it is for. */
  readonly server: string;
}

/** Throws ARTIFACT_UNSERVABLE where the file is not what it was, and FILE_MISSING, FILE_FORBIDDEN, DISK_FULL. */
export async function copyToShare({ from, to, sha256, server }: ShareCopy): Promise<void> {
  if ((await hashFile(to).catch(() => null))?.sha256 === sha256) return;
  const temporary = temporaryBeside(to);
  try {
    const copied = await copyHashed(from, temporary);
    if (copied.sha256 !== sha256)
      throw new AppError('ARTIFACT_UNSERVABLE', { server, problem: 'the adapter is not what it was when it was registered (another SHA-256)' });
    renameDurably(temporary, to);
  } catch (error) {
    throw fileFailure(error, { what: 'The share for adapters', path: to, action: 'write' });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
