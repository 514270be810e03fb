/** Backups of a LATHE_HOME while it is worked in. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Store } from '../../store/store.ts';
import { makeBackup } from './make-backup.ts';
import type { Ledger } from '../ledger.ts';

export interface BackupsParts {
  readonly home: string;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

export class Backups {
  readonly #parts: BackupsParts;
  /** One at a time: two would clear each other's half away. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: BackupsParts) {
    this.#parts = parts;
  }

  make(input: ParsedInputOf<'store.backup'>, actor: Actor): Promise<OutputOf<'store.backup'>> {
    const made = this.#last.then(() => this.#make(input, actor));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #make(input: ParsedInputOf<'store.backup'>, actor: Actor): Promise<OutputOf<'store.backup'>> {
    const { ledger } = this.#parts;
    const result = await makeBackup(this.#parts, input);
    const { manifest, files, bytes } = result;
    return ledger.record(() => ({
      result,
      fact: { audit: { actor, action: 'store.backup', subject: 'store', after: { manifest, files, bytes } }, outbox: [], events: [] },
    }));
  }
}
