/** The playground: finds who is asked, starts the answer, and tells how it comes. */
import { randomUUID } from 'node:crypto';
import type { CoreEvent, OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import { Answerer, type AnswererParts } from './answerer.ts';
import type { ChatSides } from './chat-sides.ts';
import { ChatTeller } from './chat-teller.ts';

export interface ChatsParts extends AnswererParts {
  readonly sides: ChatSides;
  readonly publish: (event: CoreEvent) => void;
}

export class Chats {
  readonly #parts: ChatsParts;
  readonly #answerer: Answerer;

  constructor(parts: ChatsParts) {
    this.#parts = parts;
    this.#answerer = new Answerer(parts);
  }

  /** What goes wrong before the model has seen anything is thrown; what goes wrong later is told as chat.failed. */
  async generate({ side: asked, ...wanted }: ParsedInputOf<'chat.generate'>): Promise<OutputOf<'chat.generate'>> {
    const { isTraining, sides, publish } = this.#parts;
    const side = await sides.find(asked);
    const chat = randomUUID();
    const prompt = await new Promise<string>((resolve, reject) => {
      let teller: ChatTeller | undefined;
      const listener = {
        onPrompt: (text: string) => {
          teller = new ChatTeller(chat, publish);
          resolve(text);
        },
        onText: (text: string) => teller?.add(text),
        onEnd: (end: Parameters<ChatTeller['end']>[0]) => teller?.end(end),
        onFailed: (error: Parameters<ChatTeller['fail']>[0]) => {
          if (teller === undefined) reject(error);
          else teller.fail(error);
        },
      };
      this.#answerer.ask({ chat, wanted, side, listener });
    });
    return { chat, prompt, engine: side.engine, note: isTraining() ? 'A run is being trained, so the answer comes slowly: about a token a second.' : null };
  }

  stop(chat: string): null {
    this.#answerer.stop(chat);
    return null;
  }

  /** Answers that are under way end. */
  close(): null {
    this.#answerer.close();
    return null;
  }
}
