/** A text as an artifact of a version: its size and hash before it is a file. */
import { createHash } from 'node:crypto';
import type { Artifact } from '../../../shared/domain/version-record.ts';

export const textArtifact = (path: string, text: string): Artifact => ({
  path,
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});
