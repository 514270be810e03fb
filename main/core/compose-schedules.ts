/** Builds the services of benchmarks by the clock over what the core gives them. */
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { Ledger } from '../services/ledger.ts';
import { ScheduleBook } from '../services/schedules/schedule-book.ts';
import { ScheduleRunner } from '../services/schedules/schedule-runner.ts';
import { Schedules } from '../services/schedules/schedules.ts';
import { ScoreDrops } from '../services/schedules/score-drops.ts';
import type { Store } from '../store/store.ts';
import type { ComposedBenchmarks } from './compose-benchmarks.ts';

export interface ScheduleNeeds {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly benchmarks: Pick<ComposedBenchmarks, 'benchmarks' | 'book'>;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface ComposedSchedules {
  readonly schedules: Schedules;
  readonly start: (kind: HostStatus['kind']) => void;
  readonly close: () => Promise<void>;
}

export function composeSchedules({ store, ledger, hub, benchmarks: scoring, log: all, now }: ScheduleNeeds): ComposedSchedules {
  const log = all.child('schedules');
  const { benchmarks } = scoring;
  const book = new ScheduleBook({ store, ledger, now });
  const runner = new ScheduleRunner({ book, benchmarks, log });
  const drops = new ScoreDrops({ store, ledger, book: scoring.book, log });
  hub.subscribe((event) => drops.hear(event));
  const start = (kind: HostStatus['kind']): void => {
    // A command ends soon and takes no time of the clock: each is there for the next host that stays.
    if (kind === 'command') return;
    drops.catchUp();
    runner.start();
  };
  const close = async (): Promise<void> => {
    await runner.close();
    await drops.close();
  };
  return { schedules: new Schedules({ book, benchmarks, onChange: () => runner.wake() }), start, close };
}
