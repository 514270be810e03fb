/** How a job behaves towards the rest of the machine: its priority, a thread left to the user, a wait on battery. None of it changes a bit. */
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';
import { quietSurroundings, type Surroundings } from '../../shared/domain/surroundings.ts';
import { spareThreads } from '../tensor/engine-setup.ts';

export class Manners {
  readonly #leaveThreads: (count: number) => void;
  readonly #signal: AbortSignal;
  #sparesThread = false;
  #now: Surroundings = quietSurroundings;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal, leaveThreads: (count: number) => void = spareThreads) {
    this.#signal = signal;
    this.#leaveThreads = leaveThreads;
    signal.addEventListener('abort', () => this.#wake());
  }

  /** The settings of the job that begins. */
  begin(cpu: Pick<CpuOptimization, 'spare_thread'> | null): void {
    this.#sparesThread = cpu?.spare_thread ?? false;
  }

  adapt(surroundings: Surroundings): void {
    this.#now = surroundings;
    this.#leaveThreads(this.#sparesThread && surroundings.isUserActive ? 1 : 0);
    this.#wake();
  }

  /** Waits until there is no reason to, or the job is to stop. Gives the milliseconds waited. */
  async whilePaused(emit: (event: JobEvent) => void): Promise<number> {
    const { pause: reason } = this.#now;
    if (reason === null || !this.#mustWait()) return 0;
    const started = performance.now();
    emit({ event: 'pause', reason });
    while (this.#mustWait()) await new Promise<void>((resolve) => (this.#wake = resolve));
    const ms = performance.now() - started;
    emit({ event: 'continue', seconds: ms / 1000 });
    return ms;
  }

  #mustWait(): boolean {
    return this.#now.pause !== null && !this.#signal.aborted;
  }
}
