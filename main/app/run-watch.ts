/** What runs are at work, for the tray, the power and the questions at the end: from the list once, then from events. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import { isActive, isEnded } from '../../shared/domain/run-state.ts';

export interface RunWatchParts {
  readonly onChange: () => void;
  /** A run that was seen at work has ended. */
  readonly onEnded: (run: Run) => void;
}

export class RunWatch {
  readonly #parts: RunWatchParts;
  readonly #runs = new Map<string, Run>();

  constructor(parts: RunWatchParts) {
    this.#parts = parts;
  }

  /** In a process now. */
  get active(): readonly Run[] {
    return [...this.#runs.values()].filter(({ state }) => isActive(state));
  }

  get queuedCount(): number {
    return [...this.#runs.values()].filter(({ state }) => state === 'queued').length;
  }

  get isBusy(): boolean {
    return this.#runs.size > 0;
  }

  /** All that has not ended, as the core lists it: after a gap some may have ended unheard. */
  reset(runs: readonly Run[]): void {
    this.#runs.clear();
    for (const run of runs) if (!isEnded(run.state)) this.#runs.set(run.run, run);
    this.#parts.onChange();
  }

  hear(event: CoreEvent): void {
    if (event.event === 'run.removed' && this.#runs.delete(event.data.run)) return this.#parts.onChange();
    if (event.event !== 'run.changed') return;
    const run = event.data;
    if (!isEnded(run.state)) this.#runs.set(run.run, run);
    else if (!this.#end(run)) return;
    this.#parts.onChange();
  }

  #end(run: Run): boolean {
    const before = this.#runs.get(run.run);
    if (before === undefined) return false;
    this.#runs.delete(run.run);
    if (isActive(before.state)) this.#parts.onEnded(run);
    return true;
  }
}
