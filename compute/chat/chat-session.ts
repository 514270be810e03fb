/** Answers conversations one after another. What a model will see is told at once, though others may answer before. */
import type { ChatJob, FromChat } from '../../shared/contracts/chat-messages.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import { openModel } from '../formats/open-model.ts';
import { loadTokenizer } from '../formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { encodeMessages } from '../inference/encode-prompt.ts';
import { LlamaModels } from './llama-models.ts';

/** Tokenizers and models that are kept: those of two sides. */
export const keptModels = 2;

interface Reader {
  /** The file itself, where `model` names a folder. */
  readonly path: string;
  readonly tokenizer: Tokenizer;
  readonly modelTemplate: string | null;
}

export class ChatSession {
  readonly #say: (message: FromChat) => void;
  readonly #models = new LlamaModels(keptModels);
  readonly #readers = new Map<string, Reader>();
  readonly #stops = new Map<string, AbortController>();
  #last: Promise<void> = Promise.resolve();

  constructor(say: (message: FromChat) => void) {
    this.#say = say;
  }

  generate(job: ChatJob): void {
    const { chat } = job;
    const stop = new AbortController();
    this.#stops.set(chat, stop);
    try {
      const { path, tokenizer, modelTemplate } = this.#readerOf(job.model);
      const { text, tokens } = encodeMessages({ tokenizer, modelTemplate }, job.messages, { raw: job.raw });
      this.#say({ type: 'prompt', chat, prompt: text });
      this.#last = this.#last.then(() => this.#answer({ ...job, model: path }, { tokens, tokenizer, signal: stop.signal }));
    } catch (error) {
      this.#fail(chat, error);
    }
  }

  stop(chat: string): void {
    this.#stops.get(chat)?.abort();
  }

  async #answer(job: ChatJob, asked: { readonly tokens: readonly number[]; readonly tokenizer: Tokenizer; readonly signal: AbortSignal }): Promise<void> {
    const { chat } = job;
    try {
      const end = await this.#models.answer(job, { ...asked, onText: (text) => this.#say({ type: 'text', chat, text }) });
      this.#stops.delete(chat);
      this.#say({ type: 'ended', chat, end });
    } catch (error) {
      this.#fail(chat, error);
    }
  }

  #fail(chat: string, error: unknown): void {
    this.#stops.delete(chat);
    this.#say({ type: 'failed', chat, error: toWireError(toAppError(error)) });
  }

  #readerOf(model: string): Reader {
    const known = this.#readers.get(model);
    if (known !== undefined) return known;
    const source = openModel(model);
    const reader = { path: source.path, tokenizer: loadTokenizer(source.tokenizer, source.path), modelTemplate: source.chatTemplate };
    const [oldest] = this.#readers.keys();
    if (this.#readers.size >= keptModels && oldest !== undefined) this.#readers.delete(oldest);
    this.#readers.set(model, reader);
    return reader;
  }
}
