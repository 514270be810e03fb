/**
 * What travels between the shell and the core process. Pages reach the core through it: by a port of their own where the shell can hand one on (a utility
 * process), else by messages that the shell passes on. The other way the core has compute processes started where only the shell can start them.
 */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';

const id = z.int().min(0);
const exit = z.object({ code: z.int().nullable(), signal: z.string().nullable() });

export const ToCoreProcess = z.discriminatedUnion('kind', [
  /** A page is there. `handed`: with its port; otherwise what it says comes as `page-says`. */
  z.object({ kind: z.literal('page'), page: id, handed: z.boolean() }),
  z.object({ kind: z.literal('page-says'), page: id, message: z.unknown() }),
  z.object({ kind: z.literal('page-gone'), page: id }),
  /** Where the system does not tell the core itself. */
  z.object({ kind: z.literal('power'), source: z.enum(['mains', 'battery']) }),
  z.object({ kind: z.literal('child-began'), child: id, pid: z.int() }),
  z.object({ kind: z.literal('child-says'), child: id, message: z.unknown() }),
  z.object({ kind: z.literal('child-wrote'), child: id, line: z.string() }),
  /** The last of a child. */
  z.object({ kind: z.literal('child-ended'), child: id, exit }),
  /** To a `key-get` or `key-set`. `key`: null where there is none of this id; `problem`: why it cannot be asked. */
  z.object({ kind: z.literal('key-answer'), ask: id, key: z.base64().nullable(), problem: z.string().nullable() }),
  /** Runs make a checkpoint, then this process ends with 0. */
  z.object({ kind: z.literal('quit') }),
]);
export type ToCoreProcess = z.infer<typeof ToCoreProcess>;

export const FromCoreProcess = z.discriminatedUnion('kind', [
  /** Calls are answered from now on; again after the host that it was attached to ended. `isOwn`: the core is in this process. */
  z.object({ kind: z.literal('ready'), isOwn: z.boolean() }),
  /** It cannot work here, and ends. */
  z.object({ kind: z.literal('failed'), error: WireError }),
  z.object({ kind: z.literal('page-hears'), page: id, message: z.unknown() }),
  z.object({ kind: z.literal('child-start'), child: id, entry: z.string(), environment: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('child-hears'), child: id, message: z.unknown() }),
  z.object({ kind: z.literal('child-kill'), child: id }),
  /** Keys of secrets, 32 bytes each: the shell keeps them where the system lets this app alone read them. */
  z.object({ kind: z.literal('key-get'), ask: id, id: z.string().max(100) }),
  z.object({ kind: z.literal('key-set'), ask: id, id: z.uuid(), key: z.base64().max(100) }),
  /** Somebody asked the host to end (`host.end`): the shell quits. */
  z.object({ kind: z.literal('end-asked') }),
]);
export type FromCoreProcess = z.infer<typeof FromCoreProcess>;
