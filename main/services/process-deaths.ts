/** Ends of a compute process that are no answer of its own: its work can go on from what it had written. */
import type { ErrorCode } from '../../shared/errors/codes.ts';

/** It went without a word, or was ended since it gave none. */
export const processDeaths: ReadonlySet<ErrorCode> = new Set(['COMPUTE_PROCESS_DIED', 'COMPUTE_OUT_OF_MEMORY', 'COMPUTE_KILLED', 'COMPUTE_SILENT']);
