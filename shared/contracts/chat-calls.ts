/** Calls of the playground: a model, with or without an adapter, answers a conversation; its words come as events. */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { call } from './call.ts';

const count = z.int().min(0);

export const ChatTurn = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) });
export type ChatTurn = z.infer<typeof ChatTurn>;

/** Who answers. */
export const ChatSide = z.strictObject({
  /** Absolute path, a name on the shelf, or a version, which brings its adapter along. */
  model: z.string().min(1).max(4_096),
  /** Absolute path, a run, or a version; null: the model as it is, or as its version says. */
  adapter: z.string().min(1).max(4_096).nullable().default(null),
});
export type ChatSide = z.infer<typeof ChatSide>;

export const ChatRequest = z.strictObject({
  side: ChatSide,
  messages: z.array(ChatTurn).min(1).max(200),
  /** The texts as they are, one after another, without the model's chat template. */
  raw: z.boolean().default(false),
  max_tokens: z.int().min(1).max(8_192).default(256),
  /** 0: greedy. */
  temperature: z.number().min(0).max(10).default(0),
  top_p: z.number().gt(0).max(1).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(42),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** Of one answer, made up by `chat.generate`. */
const ChatId = z.string().min(1).max(100);

export const chatCalls = {
  'chat.generate': call({
    does: 'let a model answer; the answer comes as chat.token events, its end as chat.ended or chat.failed, none of them before this returns',
    role: 'trainer',
    input: ChatRequest,
    output: z.object({
      chat: ChatId,
      /** What the model sees, control tokens spelt out. */
      prompt: z.string(),
      /** GGUF models run in llama.cpp, as LocalAI serves them; Hugging Face folders in the engine itself. */
      engine: z.enum(['llama.cpp', 'lathe']),
      /** One sentence worth knowing before the answer comes. */
      note: z.string().nullable(),
    }),
  }),
  'chat.stop': call({
    does: 'end an answer where it is; one that has ended stays as it is',
    role: 'trainer',
    input: z.strictObject({ chat: ChatId }),
    output: z.null(),
  }),
  'chat.close': call({
    does: 'give back the memory of models that were tried; happens by itself after some idle minutes',
    role: 'trainer',
    input: z.strictObject({}),
    output: z.null(),
  }),
} as const;

export const ChatEnd = z.object({
  stop: z.enum(['end', 'length', 'cancelled']),
  tokens: count,
  prompt_tokens: count,
  tokens_per_second: z.number().min(0),
});
export type ChatEnd = z.infer<typeof ChatEnd>;

export const chatEvents = {
  /** What has come since the last one; at most ten a second, in order. */
  'chat.token': z.object({ chat: z.string(), text: z.string() }),
  'chat.ended': ChatEnd.extend({ chat: z.string() }),
  'chat.failed': z.object({ chat: z.string(), error: WireError.omit({ stack: true }) }),
} as const;
