/** How a side of a split does: the last requests, and how many there were. */
import { quantileSorted } from 'simple-statistics';
import type { SideFigures } from '../../shared/domain/traffic-split.ts';

/** As many as percentiles need and a page shows. */
const kept = 500;

export interface Answered {
  readonly isFailure: boolean;
  readonly firstMs: number;
  readonly totalMs: number;
}

export class SideCounter {
  readonly #last: Answered[] = [];
  #requests = 0;
  #failures = 0;

  add(answered: Answered): void {
    this.#requests += 1;
    if (answered.isFailure) this.#failures += 1;
    this.#last.push(answered);
    if (this.#last.length > kept) this.#last.shift();
  }

  figures(): SideFigures {
    const good = this.#last.filter(({ isFailure }) => !isFailure);
    return {
      requests: this.#requests,
      failures: this.#failures,
      first_ms: percentiles(good.map(({ firstMs }) => firstMs)),
      total_ms: percentiles(good.map(({ totalMs }) => totalMs)),
    };
  }
}

function percentiles(values: readonly number[]): SideFigures['first_ms'] {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: quantileSorted(sorted, 0.5), p95: quantileSorted(sorted, 0.95) };
}
