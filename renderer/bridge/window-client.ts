/** The core behind the window's preload bridge. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { PageBridge } from '../../shared/contracts/page-bridge.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { CoreClient } from './core-client.ts';

export const windowClient = (bridge: PageBridge): CoreClient => ({
  call: async (name, input) => {
    const answer = await bridge.call(name, input);
    if (!answer.ok) throw fromWireError(answer.error);
    return answer.value as never;
  },
  // The core's side has checked it against the contract.
  onEvent: (listener) => bridge.onEvent((event, data) => listener({ event, data } as CoreEvent)),
  onConnection: (listener) => bridge.onConnection(listener),
});
