/** Handlers of the calls about HANA. */
import type { HanaCallName } from '../../shared/contracts/hana-calls.ts';
import type { Hanas } from '../services/hana/hanas.ts';
import type { HandlersOf } from './handlers.ts';

export interface HanaServices {
  readonly hanas: Hanas;
}

export const hanaHandlers = ({ hanas }: HanaServices): HandlersOf<HanaCallName> => ({
  'hana.connections': () => hanas.list(),
  'hana.save': (input, caller) => hanas.save(input, caller),
  'hana.remove': ({ connection }, caller) => hanas.remove(connection, caller),
  'hana.test': ({ connection }) => hanas.test(connection),
  'hana.init': (input, caller) => hanas.init(input, caller),
  'hana.connect': ({ connection }, caller) => hanas.connect(connection, caller),
  'hana.disconnect': (_, caller) => hanas.disconnect(caller),
});
