/** Asks this machine's engine: one job a prompt and side, since an answer is proof only where nothing is shared with the next. */
import { besideEngine } from '../adapter-gguf.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { LocalAnswers, LocalChat, LocalSubject } from './validation/local-answers.ts';

export const computeLocalAnswers = (compute: ComputeJobs): LocalAnswers => ({
  chats: async ({ base, adapter }, { prompts, maxTokens }, signal) => {
    const all = async (of: string | null): Promise<readonly LocalChat[]> => {
      const answers: LocalChat[] = [];
      for (const prompt of prompts) answers.push(await generate(compute, { base, adapter: of, prompt, maxTokens }, signal));
      return answers;
    };
    return { base: await all(null), adapted: await all(adapter) };
  },
});

interface Asked extends Omit<LocalSubject, 'adapter'> {
  readonly adapter: string | null;
  readonly prompt: string;
  readonly maxTokens: number;
}

async function generate(compute: ComputeJobs, { base, adapter, prompt, maxTokens }: Asked, signal: AbortSignal): Promise<LocalChat> {
  signal.throwIfAborted();
  const running = await compute.start<'generate'>({
    job: { kind: 'generate', model: base, adapter, prompt, chat: true, system: null, maxTokens, temperature: 0, topP: 1, seed: 0, engine: besideEngine() },
    correlation: 'deployment validation',
    again: 'lathe deploy',
    onEvent: () => undefined,
  });
  const stop = (): void => running.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { text, stop: why, prompt_tokens: promptTokens } = await running.result;
    return { text, finish: why === 'end' ? 'stop' : 'length', promptTokens };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
