/** Schedules of the store, with every change told: what the service and the runner write through. */
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { Schedule, ScheduleSlot } from '../../../shared/contracts/schedule-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import type { StoredSchedule } from '../../store/schedule-rows.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import type { Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';
import { nextTimes } from './schedule-clock.ts';

export interface ScheduleBookParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** Somebody else has used a time, or its schedule is no more: nothing was changed. */
export class SlotTaken extends Error {
  override readonly name = 'SlotTaken';
}

type By = Pick<Caller, 'actor' | 'revision'>;

const shownTimes = 5;

export class ScheduleBook {
  readonly #parts: ScheduleBookParts;

  constructor(parts: ScheduleBookParts) {
    this.#parts = parts;
  }

  now(): Date {
    return this.#parts.now();
  }

  all(): readonly StoredSchedule[] {
    return this.#parts.store.schedules.list();
  }

  get(name: string): StoredSchedule {
    return this.#parts.store.schedules.get(name);
  }

  isBusy(name: string): boolean {
    return this.#parts.store.schedules.isBusy(name);
  }

  isClaimed(name: string, slot: string): boolean {
    return this.#parts.store.schedules.isClaimed(name, slot);
  }

  history(name: string, limit: number): readonly ScheduleSlot[] {
    return this.#parts.store.schedules.history(this.get(name).name, limit);
  }

  /** As callers see it. */
  shown(schedule: StoredSchedule): Schedule {
    const { name, rules, enabled, created, since, revision } = schedule;
    const after = new Date(Math.max(this.now().getTime(), enabled ? Date.parse(since) : 0));
    const next = enabled ? nextTimes(schedule, after, shownTimes).map((time) => time.toISOString()) : [];
    return { name, rules, enabled, created, next, last: this.#parts.store.schedules.history(name, 1)[0] ?? null, revision };
  }

  add({ name, rules, enabled }: Pick<Schedule, 'name' | 'rules' | 'enabled'>, actor: Actor): Schedule {
    const { store, ledger } = this.#parts;
    const created = this.now().toISOString();
    return ledger.record(() => {
      store.schedules.insert({ name, rules, enabled, created, actor, since: created });
      const audit = { actor, action: 'schedules.add', subject: subjectOf(name), after: { rules, enabled } };
      return { result: this.#shownOf(name), fact: { audit, outbox: [], events: [this.#changed(name)] } };
    });
  }

  /** It owes no time of the past: neither of other rules, nor of when it was off. */
  update(name: string, changes: { readonly rules?: ScheduleRules | undefined; readonly enabled?: boolean | undefined }, by: By): Schedule {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const before = this.get(name);
      requireRevision({ subject: `Schedule ${name}`, revision: before.revision }, by);
      const { rules = before.rules, enabled = before.enabled } = changes;
      const isAnew = changes.rules !== undefined || (enabled && !before.enabled);
      store.schedules.update(name, { rules, enabled, since: isAnew ? this.now().toISOString() : before.since });
      const audit = {
        ...{ actor: by.actor, action: 'schedules.update', subject: subjectOf(name) },
        ...{ before: { rules: before.rules, enabled: before.enabled }, after: { rules, enabled } },
      };
      return { result: this.#shownOf(name), fact: { audit, outbox: [], events: [this.#changed(name)] } };
    });
  }

  remove(name: string, by: By): null {
    const { store, ledger } = this.#parts;
    return ledger.record(() => {
      const { rules, enabled, revision } = this.get(name);
      requireRevision({ subject: `Schedule ${name}`, revision }, by);
      store.schedules.remove(name);
      const audit = { actor: by.actor, action: 'schedules.remove', subject: subjectOf(name), before: { rules, enabled } };
      return { result: null, fact: { audit, outbox: [], events: [{ event: 'schedule.removed', data: { name } }] } };
    });
  }

  /** What became of a time that nobody asked for. Called in the transaction of a run that starts, or by itself. Throws SlotTaken. */
  claim(name: string, slot: Omit<ScheduleSlot, 'at'>): void {
    this.#record(name, [slot], { isOwn: true });
  }

  /** Times that nobody was there for. Those that are known stay as they are. */
  miss(name: string, slots: readonly Date[]): void {
    const missed = slots.map((time) => ({ slot: time.toISOString(), outcome: 'missed' as const, run: null, problem: null }));
    this.#record(name, missed, { isOwn: false });
  }

  /** Started by hand: its time is the moment, and what the clock owes stays owed. */
  note(name: string, slot: Omit<ScheduleSlot, 'at'>): void {
    const { store, ledger } = this.#parts;
    ledger.record(() => {
      this.get(name);
      if (!store.schedules.claim(name, { ...slot, at: this.now().toISOString() })) throw new SlotTaken();
      return { result: null, fact: { audit: null, outbox: [], events: [this.#changed(name)] } };
    });
  }

  /** Up to here all is dealt with. */
  settle(name: string, time: Date): void {
    this.#parts.store.schedules.setSince(name, time.toISOString());
  }

  /** The clock was set back: what it said has not come yet is not missed. */
  turnBack(name: string, now: Date): void {
    const { store } = this.#parts;
    store.transaction(() => {
      store.schedules.forgetMissedAfter(name, now.toISOString());
      store.schedules.setSince(name, now.toISOString());
    });
  }

  #record(name: string, slots: readonly Omit<ScheduleSlot, 'at'>[], { isOwn }: { readonly isOwn: boolean }): void {
    const { store, ledger } = this.#parts;
    ledger.record(() => {
      const at = this.now().toISOString();
      // It may have been removed or switched off since its times were counted.
      if (store.schedules.find(name)?.enabled !== true) throw new SlotTaken();
      for (const slot of slots) if (!store.schedules.claim(name, { ...slot, at }) && isOwn) throw new SlotTaken();
      const last = slots.at(-1);
      if (last !== undefined) store.schedules.setSince(name, last.slot);
      return { result: null, fact: { audit: null, outbox: [], events: [this.#changed(name)] } };
    });
  }

  #shownOf(name: string): Schedule {
    return this.shown(this.get(name));
  }

  #changed(name: string): CoreEvent {
    return { event: 'schedule.changed', data: this.#shownOf(name) };
  }
}

const subjectOf = (name: string): string => `schedule ${name}`;
