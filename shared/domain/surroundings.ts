/** What happens around a job and makes it more considerate: somebody works at the machine, the mains are gone. None of it decides a bit. */
import { z } from 'zod';

/** Why a job waits: the machine runs on battery, or the user wants it to. */
export const PauseReason = z.enum(['battery', 'user']);
export type PauseReason = z.infer<typeof PauseReason>;

export const Surroundings = z.strictObject({
  /** Wait between two micro-batches until this is null again. */
  pause: PauseReason.nullable(),
  /** Somebody works in the window: with `cpu_optimization.spare_thread` the job then leaves a thread. */
  isUserActive: z.boolean(),
});
export type Surroundings = z.infer<typeof Surroundings>;

export const quietSurroundings: Surroundings = { pause: null, isUserActive: false };
