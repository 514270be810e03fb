/** How a call is answered over any wire: a value, or an error that keeps its code and facts. */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';

export const Answer = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value: z.unknown() }), z.object({ ok: z.literal(false), error: WireError })]);
export type Answer = z.infer<typeof Answer>;
