/** Binds the calls about what keeps things safe to their services. */
import type { Backups } from '../services/backup/backups.ts';
import type { HandlersOf } from './handlers.ts';
import type { keepingCalls } from '../../shared/contracts/keeping-calls.ts';

export interface KeepingServices {
  readonly backups: Backups;
}

export function keepingHandlers({ backups }: KeepingServices): HandlersOf<keyof typeof keepingCalls> {
  return {
    'store.backup': (input, { actor }) => backups.make(input, actor),
  };
}
