/** The runs of the store, with every change told and allowed: what the scheduler and the runs service write through. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { afterChange, type RunChange } from '../../shared/domain/run-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { NewRun, QueuePlace, RunUpdate, StoredRun } from '../store/run-rows.ts';
import { RunView } from '../store/run-views.ts';
import type { Store } from '../store/store.ts';
import type { OutboxFact } from '../store/outbox-rows.ts';
import type { Logger } from '../platform/logger.ts';
import type { EventHub } from './event-hub.ts';
import { addRun, moveRun } from './index-runs.ts';
import type { Ledger } from './ledger.ts';
import { requireRevision } from './revision.ts';
import type { RunSummary } from './run-folders.ts';
import { RunRecorder } from './run-recorder.ts';

export interface RunBookParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly now: () => Date;
  readonly log: Logger;
  /** The process that works on a run; asked when the run is shown. */
  readonly pidOf: (run: string) => number | null;
}

/** Who asked for a change; null: it happened by itself. */
export type Asked = { readonly actor: Actor; readonly action: string; readonly revision?: number | undefined } | null;

export class RunBook {
  readonly #parts: RunBookParts;

  constructor(parts: RunBookParts) {
    this.#parts = parts;
  }

  time(): string {
    return this.#parts.now().toISOString();
  }

  get(run: string): StoredRun {
    return this.#parts.store.runs.get(run);
  }

  /** Who waits, in the order in which they should start. */
  queue(): readonly QueuePlace[] {
    return this.#parts.store.runs.queue();
  }

  /** For a run that is queued now: later than all that wait, also where the clock was set back or stands still. */
  queueTime(): string {
    const now = this.#parts.now().getTime();
    const last = this.#parts.store.runs.lastQueued();
    return new Date(Math.max(now, last === null ? now : Date.parse(last) + 1)).toISOString();
  }

  add(run: NewRun, asked: NonNullable<Asked>): StoredRun {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      store.runs.insert(run);
      const stored = store.runs.get(run.run);
      const { model, data } = stored;
      return { result: stored, fact: this.#fact(stored, { asked, before: null, after: { state: stored.state, model, data, dir: stored.dir } }) };
    });
  }

  /** A run that only its folder knew of. */
  adopt(summary: RunSummary, asked: NonNullable<Asked>): StoredRun {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      addRun(store, summary);
      const run = store.runs.get(summary.run);
      return { result: run, fact: this.#fact(run, { asked, before: null, after: { state: run.state, dir: run.dir } }) };
    });
  }

  /** Its folder lies elsewhere now; how it stands is what that one tells. */
  move(summary: RunSummary, asked: NonNullable<Asked>): StoredRun {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      const before = store.runs.get(summary.run);
      moveRun(store, before, summary);
      const run = store.runs.get(summary.run);
      const [from, to] = [before, run].map(({ dir, state }) => ({ dir, state }));
      return { result: run, fact: this.#fact(run, { asked, before: from, after: to }) };
    });
  }

  /** Throws RUN_STATE where the run stands so that this cannot happen, PRECONDITION_FAILED. */
  change(id: string, change: RunChange, changes: RunUpdate = {}, asked: Asked = null): StoredRun {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      const before = store.runs.get(id);
      requireSameRun(before, asked);
      const state = afterChange(before.state, change);
      if (state === null) throw new AppError('RUN_STATE', { run: id, state: before.state, change: verbs[change] ?? change });
      const run = store.runs.update(id, { ...changes, state });
      return { result: run, fact: this.#fact(run, { asked, before: { state: before.state }, after: { state } }) };
    });
  }

  /** Anything but the state. Throws PRECONDITION_FAILED. */
  update(id: string, changes: Omit<RunUpdate, 'state'>, asked: Asked = null): StoredRun {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      const before = store.runs.get(id);
      requireSameRun(before, asked);
      const run = store.runs.update(id, changes);
      const { priority } = run;
      return { result: run, fact: this.#fact(run, { asked, before: { priority: before.priority }, after: { priority } }) };
    });
  }

  recorder(run: string): RunRecorder {
    const { store, hub, now, log } = this.#parts;
    return new RunRecorder(run, {
      attempt: store.runs.get(run).attempt,
      runs: store.runs,
      hub,
      now,
      transaction: (act) => store.unflushedTransaction(act),
      log,
      onWritten: () => hub.publish(this.#changed(store.runViews.get(run))),
    });
  }

  /** As callers see it. */
  shown(run: RunView): Run {
    const fields = viewKeys.map((key) => [key, run[key]]);
    return { ...(Object.fromEntries(fields) as RunView), pid: this.#parts.pidOf(run.run) };
  }

  #changed(run: RunView): CoreEvent {
    return { event: 'run.changed', data: this.shown(run) };
  }

  #fact(run: StoredRun, { asked, before, after }: { asked: Asked; before: unknown; after: unknown }) {
    const audit = asked === null ? null : { actor: asked.actor, action: asked.action, subject: `run ${run.run}`, before, after };
    return { audit, outbox: [runFact(run)], events: [this.#changed(run)] };
  }
}

/** Throws PRECONDITION_FAILED where it has been changed since it was read. */
export const requireSameRun = ({ run, revision }: Pick<RunView, 'run' | 'revision'>, asked: Asked): void =>
  requireRevision({ subject: `Run ${run}`, revision }, asked);

const viewKeys = Object.keys(RunView.shape) as (keyof RunView)[];

/** What cannot be done, in the words of an error. */
const verbs: { readonly [Change in RunChange]?: string } = {
  pause: 'be paused',
  continue: 'continue',
  stop: 'be stopped',
  queue: 'go on',
  start: 'be started',
};

/** What HANA is told of a run: no paths beyond names, no rows, no text of the data. */
export function runFact({ run, name, state, created, started, ended, step, steps, loss, eval_loss, request }: StoredRun): OutboxFact {
  const { training } = request.config;
  const { init_adapter: _, ...lora } = request.config.lora;
  return {
    entity: 'run',
    id: run,
    schema: 1,
    payload: { run, name, state, created, started, ended, step, steps, loss, eval_loss, config: { lora, training } },
  };
}
