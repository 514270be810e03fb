/** Lets what is deployed to this machine answer, by its own name or by an alias. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatEnd } from '../../../../shared/contracts/chat-calls.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Answerer, Wanted } from '../../chat/answerer.ts';
import type { FoundSide } from '../../chat/chat-sides.ts';
import type { EndpointBook } from './endpoint-book.ts';

export interface EndpointAsking {
  readonly model: string;
  readonly wanted: Wanted;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

export interface EmbeddedParts {
  readonly book: EndpointBook;
  readonly answerer: Answerer;
  /** The files of a model on the shelf, which is served as it is. Throws FILE_MISSING. */
  readonly baseModel: (name: string) => string;
}

export class EmbeddedEndpoint {
  readonly #parts: EmbeddedParts;

  constructor(parts: EmbeddedParts) {
    this.#parts = parts;
  }

  /** Public names first. */
  names(): readonly string[] {
    const { models, aliases } = this.#parts.book.read();
    return [...Object.keys(aliases), ...models.map(({ served_as }) => served_as)];
  }

  /** Throws MODEL_NOT_SERVED, and what answering throws. */
  answer({ model, ...how }: EndpointAsking): Promise<ChatEnd> {
    return this.#ask(this.#sideOf(model), how);
  }

  /** A base model by its path, which is nothing that a client may name. */
  answerFrom(path: string, how: Omit<EndpointAsking, 'model'>): Promise<ChatEnd> {
    return this.#ask({ ...withEngine(path), adapter: null }, how);
  }

  close(): void {
    this.#parts.answerer.close();
  }

  #ask(side: FoundSide, { wanted, signal, onText }: Omit<EndpointAsking, 'model'>): Promise<ChatEnd> {
    const { answerer } = this.#parts;
    const chat = randomUUID();
    const stop = (): void => answerer.stop(chat);
    return new Promise<ChatEnd>((resolve, reject) => {
      signal.addEventListener('abort', stop);
      answerer.ask({ chat, wanted, side, listener: { onPrompt: () => undefined, onText, onEnd: resolve, onFailed: reject } });
      if (signal.aborted) stop();
    }).finally(() => signal.removeEventListener('abort', stop));
  }

  #sideOf(name: string): FoundSide {
    const { book, baseModel } = this.#parts;
    const { models, aliases } = book.read();
    const served = models.find(({ served_as }) => served_as === (Object.hasOwn(aliases, name) ? aliases[name] : name));
    if (served !== undefined) return { ...withEngine(served.base.path), adapter: join(book.folder, served.adapter) };
    try {
      return { ...withEngine(baseModel(name)), adapter: null };
    } catch (error) {
      throw new AppError('MODEL_NOT_SERVED', { model: name, known: this.names().join(', ') || 'nothing yet' }, { cause: error });
    }
  }
}

/** What llama.cpp cannot load the engine answers itself. */
const withEngine = (model: string): Pick<FoundSide, 'model' | 'engine'> => ({ model, engine: existsSync(join(model, 'config.json')) ? 'lathe' : 'llama.cpp' });
