/** A host of schedules over a database, with a clock of its own: what it starts are rows of runs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { BenchmarkState } from '../../shared/domain/benchmark-run.ts';
import { ScheduleRules } from '../../shared/domain/scheduler-config.ts';
import type { Store } from '../../main/store/store.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { ScheduleBook } from '../../main/services/schedules/schedule-book.ts';
import { ScheduleRunner } from '../../main/services/schedules/schedule-runner.ts';
import { Schedules, type BenchmarkStarter } from '../../main/services/schedules/schedules.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';
import { testActor } from './small-home.ts';

export const by = { actor: testActor };
export const rules = (more: object = {}): ScheduleRules =>
  ScheduleRules.parse({ cron_expression: '0 * * * *', time_zone: 'UTC', benchmarks: ['arc_easy'], models: ['lathe-base'], ...more });
export const hour = (number: number): string => `2026-05-01T${String(number).padStart(2, '0')}:00:00.000Z`;

export class ScheduleHost {
  now = new Date('2026-05-01T00:30:00Z');
  /** Why no run can be started. */
  problem: Error | null = null;
  /** Called in the transaction that adds a run, when its time is used up. */
  onClaimed: () => void = () => undefined;
  readonly lines: KeptLine[] = [];
  readonly events: CoreEvent[] = [];
  readonly store: Store;
  readonly schedules: Schedules;
  readonly runner: ScheduleRunner;
  readonly #ledger: Ledger;

  constructor(store: Store, prefix = 'run') {
    this.store = store;
    const now = (): Date => this.now;
    const log = keepingLogger(this.lines);
    const hub = new EventHub(log);
    hub.subscribe((event) => this.events.push(event));
    this.#ledger = new Ledger({ store, hub, now, isConnected: () => false, onSealed: () => undefined });
    const book = new ScheduleBook({ store, ledger: this.#ledger, now });
    const benchmarks: BenchmarkStarter = { start: (request, _, { schedule, claim }) => this.#start(prefix, { request, schedule, claim }) };
    this.runner = new ScheduleRunner({ book, benchmarks, log });
    this.schedules = new Schedules({ book, benchmarks, onChange: () => this.runner.wake() });
  }

  /** As the service of benchmarks does: looks up, which takes a while, then adds the run. */
  async #start(prefix: string, { request, schedule, claim }: Parameters<BenchmarkStarter['start']>[2] & { request: Parameters<BenchmarkStarter['start']>[0] }) {
    await pause(1);
    if (this.problem !== null) throw this.problem;
    return this.#ledger.record(() => {
      const run = `${prefix}-${schedule.slot}`;
      claim(run);
      this.onClaimed();
      this.store.benchmarks.insert({ run, dir: `/${run}`, created: schedule.slot, queued: schedule.slot, request, schedule });
      return { result: { run }, fact: { audit: null, outbox: [], events: [] } };
    });
  }

  at(time: string): Promise<void> {
    this.now = new Date(time);
    return this.runner.look();
  }

  end(slot: string, state: BenchmarkState = 'done'): void {
    this.store.benchmarks.update(`run-${slot}`, { state });
  }

  runs(): string[] {
    return [...this.store.benchmarks.ids()];
  }

  /** Oldest first: `01 started`. */
  history(name = 'nightly'): string[] {
    return this.schedules
      .history({ name, limit: 1_000 })
      .slots.toReversed()
      .map(({ slot, outcome }) => `${slot.slice(11, 13)} ${outcome}`);
  }
}
