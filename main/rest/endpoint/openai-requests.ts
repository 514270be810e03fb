/** What clients of an OpenAI-style endpoint send, as far as it is understood here. Fields that change nothing here are passed over, those that would change the answer are refused. */
import { z } from 'zod';

const Content = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text', { error: 'must be text: models here see neither pictures nor sound' }), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join('')),
]);

const common = {
  model: z.string().min(1).max(200),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(10).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  max_tokens: z.int().min(1).max(8_192).nullish(),
  seed: z.int().min(0).max(0xffff_ffff).nullish(),
  stop: z.union([z.string(), z.array(z.string().min(1)).max(16)]).nullish(),
  n: z.literal(1, { error: 'must be 1' }).nullish(),
  tools: z.array(z.unknown()).max(0, { error: 'are not supported here' }).nullish(),
  response_format: z.object({ type: z.literal('text', { error: 'must be text' }) }).nullish(),
  logprobs: z.union([z.literal(false), z.literal(0)], { error: 'are not supported here' }).nullish(),
};

export const ChatCompletionRequest = z.object({
  ...common,
  max_completion_tokens: z.int().min(1).max(8_192).nullish(),
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'developer', 'user', 'assistant']).transform((role) => (role === 'developer' ? ('system' as const) : role)),
        content: Content,
      }),
    )
    .min(1)
    .max(200),
});
export type ChatCompletionRequest = z.output<typeof ChatCompletionRequest>;

export const CompletionRequest = z.object({ ...common, prompt: z.string().min(1) });
export type CompletionRequest = z.output<typeof CompletionRequest>;

export const stopTexts = (stop: ChatCompletionRequest['stop']): readonly string[] => (typeof stop === 'string' ? [stop] : (stop ?? []));
