/** The generate job: text after a prompt, told piece by piece. */
import type { ChatTurn } from '../../../shared/contracts/chat-calls.ts';
import type { GenerateResult, JobOf } from '../../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { encodeMessages } from '../../inference/encode-prompt.ts';
import { generateText } from '../../inference/generate.ts';
import { loadForInference } from '../../inference/load-for-inference.ts';
import type { JobContext } from '../../inference/job-context.ts';

export async function generate(job: JobOf<'generate'>, context: JobContext): Promise<GenerateResult> {
  using loaded = loadForInference(job);
  const started = performance.now();
  const { text: seen, tokens: prompt } = encodeMessages(loaded, messagesOf(job), { raw: !job.chat });
  const { maxTokens, temperature, topP, seed } = job;
  const onText = (text: string): void => context.emit({ event: 'text', text });
  const { context: limit } = loaded.model.dimensions;
  if (prompt.length >= limit) throw new AppError('PROMPT_TOO_LONG', { tokens: prompt.length, limit });
  if (job.messages !== undefined) context.emit({ event: 'prompt', text: seen, tokens: prompt.length });
  const options = { dtype: loaded.dtype, maxTokens, temperature, topP, seed, onText, signal: context.signal };
  const { text, tokens, stop } = await generateText(loaded.model, loaded.tokenizer, prompt, options);
  const seconds = (performance.now() - started) / 1000;
  return { text, prompt_tokens: prompt.length, tokens, seconds, tokens_per_second: tokens / seconds, stop };
}

function messagesOf({ messages, prompt, system, chat }: JobOf<'generate'>): readonly ChatTurn[] {
  if (messages !== undefined) return messages;
  return [...(system === null || !chat ? [] : [{ role: 'system', content: system } as const]), { role: 'user', content: prompt }];
}
