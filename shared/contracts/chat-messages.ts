/**
 * The messages between the core and the process in which llama.cpp answers. The process says `ready`, takes any number of `generate`, which it answers one
 * after another, and ends when its channel closes. Of each it says `prompt` at once, `text` as it comes, and exactly one `ended` or `failed`.
 */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { ChatEnd, ChatRequest } from './chat-calls.ts';

/** Raised whenever a message changes its meaning or shape. */
export const chatProtocol = 1;

export const ChatJob = ChatRequest.omit({ side: true }).extend({
  chat: z.string(),
  /** Absolute; the adapter is a GGUF file. */
  model: z.string().min(1),
  adapter: z.string().min(1).nullable(),
  threads: z.int().min(1),
});
export type ChatJob = z.infer<typeof ChatJob>;

export const ToChat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('generate'), job: ChatJob }),
  z.object({ type: z.literal('stop'), chat: z.string() }),
]);
export type ToChat = z.infer<typeof ToChat>;

export const FromChat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int() }),
  z.object({ type: z.literal('prompt'), chat: z.string(), prompt: z.string() }),
  z.object({ type: z.literal('text'), chat: z.string(), text: z.string() }),
  z.object({ type: z.literal('ended'), chat: z.string(), end: ChatEnd }),
  z.object({ type: z.literal('failed'), chat: z.string(), error: WireError }),
]);
export type FromChat = z.infer<typeof FromChat>;
