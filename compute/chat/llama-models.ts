/** The models that llama.cpp holds, the ones used last; and how one of them answers. One answer at a time. */
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import type { ChatEnd } from '../../shared/contracts/chat-calls.ts';
import type { ChatJob } from '../../shared/contracts/chat-messages.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { startLlama } from '../export/start-llama.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';

/** Tokens of a prompt computed in one go; between two a stop is heard. */
const stretch = 64;

export interface Asked {
  readonly tokens: readonly number[];
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
  /** Whole characters. */
  readonly onText: (text: string) => void;
}

export class LlamaModels {
  readonly #most: number;
  readonly #models = new Map<string, LlamaModel>();
  #llama: Promise<Llama> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws PROMPT_TOO_LONG, CHAT_FAILED. */
  async answer(job: ChatJob, asked: Asked): Promise<ChatEnd> {
    const { tokens } = asked;
    if (asked.signal.aborted) return { stop: 'cancelled', tokens: 0, prompt_tokens: tokens.length, tokens_per_second: 0 };
    try {
      const model = await this.#modelAt(job.model);
      const limit = model.trainContextSize;
      if (tokens.length >= limit) throw new AppError('PROMPT_TOO_LONG', { tokens: tokens.length, limit });
      const context = await contextOf(model, job, Math.min(limit, tokens.length + job.max_tokens + 8));
      try {
        return await write(context, job, asked);
      } finally {
        await context.dispose();
      }
    } catch (error) {
      if (isAppError(error)) throw error;
      const problem = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 300);
      throw new AppError('CHAT_FAILED', { model: job.model, problem }, { cause: error });
    }
  }

  async #modelAt(path: string): Promise<LlamaModel> {
    const known = this.#models.get(path);
    this.#models.delete(path);
    const [oldest] = this.#models;
    if (known === undefined && this.#models.size >= this.#most && oldest !== undefined) {
      this.#models.delete(oldest[0]);
      await oldest[1].dispose();
    }
    this.#llama ??= startLlama();
    const model = known ?? (await (await this.#llama).loadModel({ modelPath: path, gpuLayers: 0 }));
    this.#models.set(path, model);
    return model;
  }
}

const contextOf = (model: LlamaModel, { adapter, threads }: ChatJob, contextSize: number): Promise<LlamaContext> =>
  model.createContext({
    contextSize: Math.max(64, contextSize),
    threads,
    ...(adapter === null ? {} : { lora: { adapters: [{ filePath: adapter }] } }),
  });

async function write(context: LlamaContext, job: ChatJob, { tokens: prompt, tokenizer, signal, onText }: Asked): Promise<ChatEnd> {
  const sequence = context.getSequence();
  const written: number[] = [];
  let started = performance.now();
  const ended = (stop: ChatEnd['stop']): ChatEnd => ({
    ...{ stop, tokens: written.length, prompt_tokens: prompt.length },
    tokens_per_second: written.length / Math.max((performance.now() - started) / 1_000, 1e-3),
  });
  for (let at = 0; at < prompt.length - 1; at += stretch) {
    if (signal.aborted) return ended('cancelled');
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, Math.min(at + stretch, prompt.length - 1)) as Token[]);
  }
  started = performance.now();
  const { temperature, top_p: topP, seed, max_tokens: most } = job;
  // A token of its own choice ends the answer, whether llama.cpp or the model's own files call it an end.
  const options = { temperature, topP, topK: 0, minP: 0, seed, yieldEogToken: true };
  let told = 0;
  for await (const token of sequence.evaluate(prompt.slice(-1) as Token[], options)) {
    if (signal.aborted) return ended('cancelled');
    if (tokenizer.stopIds.includes(token) || context.model.isEogToken(token)) return ended('end');
    written.push(token);
    const isLast = written.length >= most || prompt.length + written.length >= context.contextSize;
    const text = tokenizer.decode(written, { skipSpecial: true });
    // The rest of a character is still to come.
    if (isLast || !text.endsWith('\uFFFD')) {
      if (text.length > told) onText(text.slice(told));
      told = text.length;
    }
    if (isLast) break;
  }
  return ended('length');
}
