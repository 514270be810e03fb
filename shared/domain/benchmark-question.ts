/** What a deployed model is asked for a benchmark, a line an item, and what it said. The engine here makes the questions and judges the replies; the server sees nothing else. */
import { z } from 'zod';

const index = z.int().min(0);

export const BenchmarkQuestion = z.discriminatedUnion('kind', [
  /** Which of them is the most probable behind the prompt. */
  z.strictObject({ kind: z.literal('choice'), index, prompt: z.string(), candidates: z.array(z.string()).min(1) }),
  /** A chat: the solved items as turns before the item's own. */
  z.strictObject({
    kind: z.literal('written'),
    index,
    turns: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() })).min(1),
    stop: z.array(z.string()),
    max_tokens: z.int().min(1),
  }),
]);
export type BenchmarkQuestion = z.infer<typeof BenchmarkQuestion>;

/** Natural logarithms of the candidates' probabilities, or the text. */
export const BenchmarkReply = z.union([z.strictObject({ index, log_probs: z.array(z.number()).min(1) }), z.strictObject({ index, text: z.string() })]);
export type BenchmarkReply = z.infer<typeof BenchmarkReply>;

/** First line of a file of replies: whose they are, and to which questions. */
export const ReplyHead = z.strictObject({ server: z.string(), served_as: z.string(), questions_sha256: z.string() });
export type ReplyHead = z.infer<typeof ReplyHead>;
