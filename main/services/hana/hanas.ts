/** What can be done with connections: HANAs by a name, what is behind them, and which of them the registry is kept in step with. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { HanaReport, KnownHana } from '../../../shared/contracts/hana-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../../shared/errors/wire-error.ts';
import type { Store } from '../../store/store.ts';
import type { StoredHana } from '../../store/hana-rows.ts';
import type { Caller } from '../caller.ts';
import type { Fact, Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';
import type { ChosenHana } from './chosen-hana.ts';
import { examineHana } from './examine-hana.ts';
import type { HanaDoor } from './hana-session.ts';
import { initHana, planHana } from './init-hana.ts';

export interface HanasParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly door: HanaDoor;
  readonly chosen: ChosenHana;
  readonly now: () => Date;
  readonly home: string;
}

export class Hanas {
  readonly #parts: HanasParts;
  #initing: Promise<unknown> = Promise.resolve();

  constructor(parts: HanasParts) {
    this.#parts = parts;
  }

  list(): OutputOf<'hana.connections'> {
    return { connections: this.#parts.store.hana.list().map(known) };
  }

  /** Throws HANA_LICENCE_NOT_ACCEPTED, PRECONDITION_FAILED. */
  save({ connection, accept_licence: isAccepted }: ParsedInputOf<'hana.save'>, { actor, revision }: Caller): KnownHana {
    const { store, ledger, chosen } = this.#parts;
    if (connection.driver === 'hana-client' && !isAccepted) throw new AppError('HANA_LICENCE_NOT_ACCEPTED', {});
    const saved = ledger.record(() => {
      const before = store.hana.find(connection.name);
      if (before !== null) requireRevision({ subject: `HANA connection ${connection.name}`, revision: before.revision }, { revision });
      store.hana.put(connection);
      const licence = connection.driver === 'hana-client' ? { accepted_licence: 'SAP Developer License 3.2' } : {};
      const audit = {
        actor,
        action: 'hana.save',
        subject: subjectOf(connection.name),
        before: before?.connection ?? null,
        after: { ...connection, ...licence },
      };
      return changed(known(store.hana.get(connection.name)), audit);
    });
    chosen.look();
    return saved;
  }

  /** Throws HANA_CONNECTION_UNKNOWN, HANA_CONNECTION_CHOSEN, PRECONDITION_FAILED. */
  remove(name: string, { actor, revision }: Caller): null {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const { connection, isChosen, revision: has } = store.hana.get(name);
      requireRevision({ subject: `HANA connection ${name}`, revision: has }, { revision });
      if (isChosen) throw new AppError('HANA_CONNECTION_CHOSEN', { connection: name });
      store.hana.remove(name);
      const audit = { actor, action: 'hana.remove', subject: subjectOf(name), before: connection, after: null };
      return { result: null, fact: { audit, outbox: [], events: [{ event: 'hana.removed', data: { connection: name } }] } };
    });
  }

  /** Throws HANA_CONNECTION_UNKNOWN; what goes wrong on the way stands in the report. */
  async test(name: string): Promise<HanaReport> {
    const { store, door, now } = this.#parts;
    const { connection } = store.hana.get(name);
    const report = { connection: name, at: now().toISOString() };
    try {
      const session = await door.open(name);
      try {
        return { ...report, error: null, found: await examineHana(session, connection) };
      } finally {
        await session.close();
      }
    } catch (thrown) {
      const { code, facts } = toWireError(toAppError(thrown));
      return { ...report, error: { code, facts }, found: null };
    }
  }

  /** Throws HANA_CONNECTION_UNKNOWN, HANA_SCHEMA_*, HANA_RIGHTS_MISSING, HANA_*. One after another. */
  init(input: ParsedInputOf<'hana.init'>, caller: Caller): Promise<OutputOf<'hana.init'>> {
    const turn = this.#initing.catch(() => undefined).then(() => this.#init(input, caller));
    this.#initing = turn;
    return turn;
  }

  async #init({ connection: name, dry_run: isDry }: ParsedInputOf<'hana.init'>, { actor }: Caller): Promise<OutputOf<'hana.init'>> {
    const { store, ledger, door, home } = this.#parts;
    const { connection } = store.hana.get(name);
    const session = await door.open(name);
    try {
      if (isDry) return await planHana({ session, connection });
      const result = await initHana({ session, connection, home });
      if (result.made.length === 0) return result;
      const audit = { actor, action: 'hana.init', subject: subjectOf(name), before: result.had, after: result.made };
      return ledger.record(() => ({ result, fact: { audit, outbox: [], events: [] } }));
    } finally {
      await session.close();
    }
  }

  /** Throws HANA_CONNECTION_UNKNOWN. */
  connect(name: string, { actor }: Caller): KnownHana {
    const { store, ledger, chosen } = this.#parts;
    const result = ledger.record(() => {
      store.hana.get(name);
      const before = store.hana.chosen()?.connection.name ?? null;
      store.hana.choose(name);
      return changed(known(store.hana.get(name)), { actor, action: 'hana.connect', subject: subjectOf(name), before, after: name });
    });
    chosen.look();
    return result;
  }

  /** What waits to be told is forgotten: who is connected later is told everything. */
  disconnect({ actor }: Caller): null {
    const { store, ledger, chosen } = this.#parts;
    const before = store.hana.chosen();
    if (before === null) return null;
    const { name } = before.connection;
    ledger.record(() => {
      store.hana.choose(null);
      return changed(known(store.hana.get(name)), { actor, action: 'hana.disconnect', subject: subjectOf(name), before: name, after: null });
    });
    chosen.look();
    return null;
  }
}

const subjectOf = (name: string): string => `hana ${name}`;
const known = ({ connection, isChosen, revision }: StoredHana): KnownHana => ({ connection, is_chosen: isChosen, revision });
const changed = (result: KnownHana, audit: Fact['audit']): { readonly result: KnownHana; readonly fact: Fact } => ({
  result,
  fact: { audit, outbox: [], events: [{ event: 'hana.changed', data: result }] },
});
