/** What travels between the page and the core over a port: calls with numbers, their answers, and events. Plain data, under 64 KB where it repeats. */
import { z } from 'zod';
import { Answer } from './answer.ts';
import { contractVersion } from './calls.ts';

/** From the page. Name and input are checked by the dispatcher. */
export const PageMessage = z.strictObject({ id: z.int().min(0), name: z.string().max(200), input: z.unknown() });
export type PageMessage = z.infer<typeof PageMessage>;

/** To the page. `hello` comes first, and again from a core that took the place of one that ended: what is shown is then asked for anew. `lost`: the host behind it ended, and another is looked for. */
export const CoreMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), contract: z.literal(contractVersion) }),
  z.object({ kind: z.literal('lost') }),
  z.object({ kind: z.literal('answer'), id: z.int().min(0), answer: Answer }),
  z.object({ kind: z.literal('event'), event: z.string(), data: z.unknown() }),
]);
export type CoreMessage = z.infer<typeof CoreMessage>;
