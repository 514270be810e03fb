/** Refuses a change of an entry that has been changed since whoever asks read it. Called in the transaction of the change, so that none comes between. */
import { AppError } from '../../shared/errors/app-error.ts';

interface Revised {
  /** As the error names it: `Run 2026…`. */
  readonly subject: string;
  readonly revision: number;
}

/** `asked.revision`: what was read; none where any will do. Throws PRECONDITION_FAILED. */
export function requireRevision({ subject, revision }: Revised, asked: { readonly revision?: number | undefined } | null): void {
  const wanted = asked?.revision;
  if (wanted !== undefined && wanted !== revision) throw new AppError('PRECONDITION_FAILED', { subject, revision, wanted: String(wanted) });
}
