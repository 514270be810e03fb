/** The generate job: text after a prompt, told piece by piece. */
import type { GenerateResult, JobOf } from '../../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { encodePrompt } from '../../inference/encode-prompt.ts';
import { generateText } from '../../inference/generate.ts';
import { loadForInference } from '../../inference/load-for-inference.ts';
import type { JobContext } from '../../inference/job-context.ts';

export async function generate(job: JobOf<'generate'>, context: JobContext): Promise<GenerateResult> {
  using loaded = loadForInference(job);
  const started = performance.now();
  const prompt = encodePrompt(loaded, { text: job.prompt, chat: job.chat, system: job.system });
  const { maxTokens, temperature, topP, seed } = job;
  const onText = (text: string): void => context.emit({ event: 'text', text });
  const { context: limit } = loaded.model.dimensions;
  if (prompt.length >= limit) throw new AppError('PROMPT_TOO_LONG', { tokens: prompt.length, limit });
  const options = { dtype: loaded.dtype, maxTokens, temperature, topP, seed, onText, signal: context.signal };
  const { text, tokens, stop } = await generateText(loaded.model, loaded.tokenizer, prompt, options);
  const seconds = (performance.now() - started) / 1000;
  return { text, prompt_tokens: prompt.length, tokens, seconds, tokens_per_second: tokens / seconds, stop };
}
