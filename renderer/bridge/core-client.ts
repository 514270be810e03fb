/** The page's way to the core. Two adapters: the window's bridge and a host's HTTP; nobody else knows which one it is. */
import type { CallName, CoreEvent, InputOf, OutputOf } from '../../shared/contracts/calls.ts';
import type { CoreConnection } from '../../shared/contracts/page-bridge.ts';

export interface CoreClient {
  /** Throws AppError. */
  call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** Events are a hint, the store is the truth: after a gap `onConnection` says `open` and everything is asked for anew. */
  onEvent(listener: (event: CoreEvent) => void): () => void;
  onConnection(listener: (state: CoreConnection) => void): () => void;
}

/** A set of listeners, one adapter's worth. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }

  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }
}
