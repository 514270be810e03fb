/** Who did something: the person and the machine, and the access token where one was used. */
import { z } from 'zod';

export const Actor = z.strictObject({ user: z.string().min(1), host: z.string().min(1), token: z.string().nullable() });
export type Actor = z.infer<typeof Actor>;
