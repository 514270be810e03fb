/** How a command talks to the core, wherever that is: in its own process, or in the one that owns the LATHE_HOME. */
import { calls, type CallName, type CoreEvent, type InputOf, type OutputOf } from '../../shared/contracts/calls.ts';
import type { Caller } from '../services/caller.ts';
import type { Core } from './core.ts';

export interface Door {
  call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** Resolves when nothing that happens from now on is missed; gives what ends it. `onGone`: nothing more is heard, though nobody ended it. */
  subscribe(listener: (event: CoreEvent) => void, onGone?: () => void): Promise<() => void>;
  /** Whether the core lives in this process, and ends with it. */
  readonly isOwn: boolean;
  close(): Promise<void>;
}

/** To a core in this process. `close` is what gives the LATHE_HOME back. */
export const ownDoor = (core: Core, caller: Caller, close: () => Promise<void>): Door => ({
  isOwn: true,
  call: async (name, input) => calls[name].output.parse(await core.dispatcher.dispatch(name, input, caller)) as never,
  subscribe: (listener) => Promise.resolve(core.hub.subscribe(listener)),
  close,
});
