/** Benchmark runs that somebody started by hand, until each has ended once. Those of a schedule tell of drops alone. */
import type { BenchmarkRun } from '../../shared/contracts/benchmark-calls.ts';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { benchmarkIsActive } from '../../shared/domain/benchmark-run.ts';

export class BenchmarkWatch {
  readonly #onEnded: (run: BenchmarkRun) => void;
  readonly #active = new Set<string>();

  /** `onEnded`: a run that was seen active has ended. */
  constructor(onEnded: (run: BenchmarkRun) => void) {
    this.#onEnded = onEnded;
  }

  /** All that are active, as the core lists them: after a gap some may have ended unheard. */
  reset(runs: readonly BenchmarkRun[]): void {
    this.#active.clear();
    for (const run of runs) this.#take(run);
  }

  hear(event: CoreEvent): void {
    if (event.event === 'benchmark.removed') this.#active.delete(event.data.run);
    if (event.event === 'benchmark.changed') this.#take(event.data);
  }

  #take(run: BenchmarkRun): void {
    if (run.schedule !== null) return;
    if (benchmarkIsActive(run.state)) this.#active.add(run.run);
    else if (this.#active.delete(run.run)) this.#onEnded(run);
  }
}
