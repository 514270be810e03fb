/** Tells how one answer comes: its words gathered, at most ten times a second, and nothing before whoever asked has heard its id. */
import type { ChatEnd } from '../../../shared/contracts/chat-calls.ts';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';

const everyMs = 100;

export class ChatTeller {
  readonly #chat: string;
  readonly #publish: (event: CoreEvent) => void;
  #timer: NodeJS.Timeout | undefined;
  #text = '';
  #end: CoreEvent | undefined;

  /** Made when the answer to the call is on its way: the first words wait for that. */
  constructor(chat: string, publish: (event: CoreEvent) => void) {
    this.#chat = chat;
    this.#publish = publish;
    this.#wait();
  }

  add(text: string): void {
    this.#text += text;
    if (this.#timer === undefined) this.#wait();
  }

  end(end: ChatEnd): void {
    this.#close({ event: 'chat.ended', data: { chat: this.#chat, ...end } });
  }

  fail({ code, facts }: AppError): void {
    this.#close({ event: 'chat.failed', data: { chat: this.#chat, error: { code, facts } } });
  }

  #close(event: CoreEvent): void {
    this.#end = event;
    if (this.#timer === undefined) this.#tell();
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#tell(), everyMs);
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.#text !== '') this.#publish({ event: 'chat.token', data: { chat: this.#chat, text: this.#text } });
    this.#text = '';
    if (this.#end !== undefined) this.#publish(this.#end);
  }
}
