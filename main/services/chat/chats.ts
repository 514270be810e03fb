/** The playground: finds who is asked, starts the answer, tells how it comes, and gives the memory back when nobody has asked for a while. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CoreEvent, OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import { isAppError, type AppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { ChatListener, ChatProcess } from '../../workers/chat-process.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import { besideEngine } from '../adapter-gguf.ts';
import type { ChatSides, FoundSide } from './chat-sides.ts';
import { ChatTeller } from './chat-teller.ts';

type Asked = ParsedInputOf<'chat.generate'>;

export interface ChatsParts {
  readonly sides: ChatSides;
  readonly compute: ComputeJobs;
  /** A process of llama.cpp. */
  readonly start: () => ChatProcess;
  readonly publish: (event: CoreEvent) => void;
  readonly isTraining: () => boolean;
  readonly idleMs?: number;
}

export class Chats {
  readonly #parts: ChatsParts;
  #process: ChatProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** What ends each answer that is under way. */
  readonly #stops = new Map<string, () => void>();

  constructor(parts: ChatsParts) {
    this.#parts = parts;
  }

  /** What goes wrong before the model has seen anything is thrown; what goes wrong later is told as chat.failed. */
  async generate(asked: Asked): Promise<OutputOf<'chat.generate'>> {
    const { isTraining, sides, publish } = this.#parts;
    const side = await sides.find(asked.side);
    const chat = randomUUID();
    clearTimeout(this.#idle);
    const prompt = await new Promise<string>((resolve, reject) => {
      let teller: ChatTeller | undefined;
      const listener: ChatListener = {
        onPrompt: (text) => {
          teller = new ChatTeller(chat, publish);
          resolve(text);
        },
        onText: (text) => teller?.add(text),
        onEnd: (end) => {
          this.#ended(chat);
          teller?.end(end);
        },
        onFailed: (error) => {
          this.#ended(chat);
          if (teller === undefined) reject(error);
          else teller.fail(error);
        },
      };
      if (side.engine === 'lathe') this.#askEngine(chat, { asked, side, listener });
      else this.#askLlama(chat, { asked, side, listener });
    });
    return { chat, prompt, engine: side.engine, note: isTraining() ? 'A run is being trained, so the answer comes slowly: about a token a second.' : null };
  }

  stop(chat: string): null {
    this.#stops.get(chat)?.();
    return null;
  }

  /** Answers that are under way end. */
  close(): null {
    clearTimeout(this.#idle);
    for (const stop of [...this.#stops.values()]) stop();
    this.#process?.close();
    this.#process = null;
    return null;
  }

  #ended(chat: string): void {
    this.#stops.delete(chat);
    if (this.#stops.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), this.#parts.idleMs ?? 5 * 60_000);
    this.#idle.unref();
  }

  #askLlama(chat: string, { asked, side, listener }: Asking): void {
    const { side: _, ...how } = asked;
    if (this.#process === null || this.#process.isGone) this.#process = this.#parts.start();
    const process = this.#process;
    this.#stops.set(chat, () => process.stop(chat));
    // Its threads wait for each other by spinning: where others work too, as many as there are cores make it a hundred times slower than one.
    const threads = this.#parts.isTraining() ? 1 : Math.max(1, availableParallelism() - 1);
    process.generate({ ...how, chat, model: side.model, adapter: side.adapter, threads }, listener);
  }

  #askEngine(chat: string, asking: Asking): void {
    const stop = new AbortController();
    this.#stops.set(chat, () => stop.abort());
    this.#runEngine(chat, asking, stop.signal).catch((error: unknown) => asking.listener.onFailed(toAppError(error)));
  }

  async #runEngine(chat: string, { asked, side, listener }: Asking, signal: AbortSignal): Promise<void> {
    const { messages, raw, max_tokens: maxTokens, temperature, top_p: topP, seed } = asked;
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
      if (!wasStopped(error, signal)) throw error;
      const tokens_per_second = seen.pieces / Math.max((performance.now() - seen.since) / 1_000, 1e-3);
      listener.onEnd({ stop: 'cancelled', tokens: seen.pieces, prompt_tokens: seen.prompt, tokens_per_second });
    }
  }
}

interface Asking {
  readonly asked: Asked;
  readonly side: FoundSide;
  readonly listener: ChatListener;
}

const wasStopped = (error: unknown, signal: AbortSignal): error is AppError => signal.aborted && isAppError(error, 'CANCELLED');
