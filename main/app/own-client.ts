/** The shell as one more page: it asks the core and hears its events like any other. */
import { calls, coreEvents, type CallName, type CoreEvent, type CoreEventName, type InputOf, type OutputOf } from '../../shared/contracts/calls.ts';
import { CoreMessage, type PageMessage } from '../../shared/contracts/page-messages.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';

/** Its number among the pages. */
export const ownPage = 0;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

export interface OwnClientParts {
  readonly send: (message: PageMessage) => void;
  readonly onHello: () => void;
  readonly onEvent: (event: CoreEvent) => void;
}

export class OwnClient {
  readonly #parts: OwnClientParts;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(parts: OwnClientParts) {
    this.#parts = parts;
  }

  /** Throws what the call throws, and HOST_GONE where the core dies meanwhile. */
  async call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    this.#count += 1;
    const id = this.#count;
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#parts.send({ id, name, input });
    return calls[name].output.parse(await answered) as OutputOf<N>;
  }

  hear(raw: unknown): void {
    const message = CoreMessage.parse(raw);
    switch (message.kind) {
      case 'hello':
        return this.#parts.onHello();
      case 'lost':
        return this.lose();
      case 'answer': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.answer.ok) waiting?.resolve(message.answer.value);
        else waiting?.reject(fromWireError(message.answer.error));
        return;
      }
      case 'event':
        return this.#hearEvent(message.event, message.data);
    }
  }

  lose(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach(({ reject }) => reject(new AppError('HOST_GONE', { home: 'this computer', problem: 'it is started again' })));
  }

  #hearEvent(name: string, data: unknown): void {
    if (!Object.hasOwn(coreEvents, name)) return;
    const event = name as CoreEventName;
    const parsed = coreEvents[event].safeParse(data);
    if (parsed.success) this.#parts.onEvent({ event, data: parsed.data } as CoreEvent);
  }
}
