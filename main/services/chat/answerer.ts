/** Lets a model answer, in llama.cpp or in the engine, and gives the memory back when nobody has asked for a while. */
import { availableParallelism } from 'node:os';
import type { ChatRequest } from '../../../shared/contracts/chat-calls.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { ChatListener, ChatProcess } from '../../workers/chat-process.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import { besideEngine } from '../adapter-gguf.ts';
import type { FoundSide } from './chat-sides.ts';

/** How it shall answer. */
export type Wanted = Omit<ChatRequest, 'side'>;

export interface Asking {
  /** Of this answer, for `stop`. */
  readonly chat: string;
  readonly wanted: Wanted;
  readonly side: FoundSide;
  readonly listener: ChatListener;
}

export interface AnswererParts {
  readonly compute: ComputeJobs;
  /** A process of llama.cpp. */
  readonly start: () => ChatProcess;
  readonly isTraining: () => boolean;
  readonly idleMs?: number;
}

export class Answerer {
  readonly #parts: AnswererParts;
  #process: ChatProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** What ends each answer that is under way. */
  readonly #stops = new Map<string, () => void>();

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  ask(asking: Asking): void {
    clearTimeout(this.#idle);
    const { chat, listener } = asking;
    const whole: Asking = {
      ...asking,
      listener: {
        onPrompt: (text) => listener.onPrompt(text),
        onText: (text) => listener.onText(text),
        onEnd: (end) => {
          this.#ended(chat);
          listener.onEnd(end);
        },
        onFailed: (error) => {
          this.#ended(chat);
          listener.onFailed(error);
        },
      },
    };
    if (asking.side.engine === 'lathe') this.#askEngine(whole);
    else this.#askLlama(whole);
  }

  /** Of an answer that has ended nothing happens. */
  stop(chat: string): void {
    this.#stops.get(chat)?.();
  }

  /** Answers that are under way end. */
  close(): void {
    clearTimeout(this.#idle);
    for (const stop of [...this.#stops.values()]) stop();
    this.#process?.close();
    this.#process = null;
  }

  #ended(chat: string): void {
    this.#stops.delete(chat);
    if (this.#stops.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), this.#parts.idleMs ?? 5 * 60_000);
    this.#idle.unref();
  }

  #askLlama({ chat, wanted, side, listener }: Asking): void {
    if (this.#process === null || this.#process.isGone) this.#process = this.#parts.start();
    const process = this.#process;
    this.#stops.set(chat, () => process.stop(chat));
    // Its threads wait for each other by spinning: where others work too, as many as there are cores make it a hundred times slower than one.
    const threads = this.#parts.isTraining() ? 1 : Math.max(1, availableParallelism() - 1);
    process.generate({ ...wanted, chat, model: side.model, adapter: side.adapter, threads }, listener);
  }

  #askEngine(asking: Asking): void {
    const stop = new AbortController();
    this.#stops.set(asking.chat, () => stop.abort());
    this.#runEngine(asking, stop.signal).catch((error: unknown) => asking.listener.onFailed(toAppError(error)));
  }

  async #runEngine({ chat, wanted, side, listener }: Asking, signal: AbortSignal): Promise<void> {
    const { messages, raw, max_tokens: maxTokens, temperature, top_p: topP, seed } = wanted;
    const seen = { prompt: 0, pieces: 0, since: performance.now() };
    const running = await this.#parts.compute.start<'generate'>({
      job: {
        kind: 'generate',
        model: side.model,
        adapter: side.adapter,
        prompt: '',
        chat: !raw,
        system: null,
        messages,
        maxTokens,
        temperature,
        topP,
        seed,
        engine: besideEngine(),
      },
      correlation: `chat ${chat}`,
      again: 'chat.generate',
      onEvent: (event) => {
        if (event.event === 'prompt') {
          Object.assign(seen, { prompt: event.tokens, since: performance.now() });
          listener.onPrompt(event.text);
        } else if (event.event === 'text') {
          seen.pieces += 1;
          listener.onText(event.text);
        }
      },
    });
    const cancel = (): void => running.cancel();
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    try {
      const { stop, tokens, prompt_tokens, tokens_per_second } = await running.result;
      listener.onEnd({ stop, tokens, prompt_tokens, tokens_per_second });
    } catch (error) {
      if (!signal.aborted || !isAppError(error, 'CANCELLED')) throw error;
      const tokens_per_second = seen.pieces / Math.max((performance.now() - seen.since) / 1_000, 1e-3);
      listener.onEnd({ stop: 'cancelled', tokens: seen.pieces, prompt_tokens: seen.prompt, tokens_per_second });
    }
  }
}
