/**
 * Whether a process still lives in earnest. It says so every few seconds; while a kernel runs it cannot, but then it uses the processor. What does
 * neither hangs. Silence is counted in looks of this process's own timer, so that a machine that slept, or a clock that was set, counts for nothing.
 */
import { readFileSync } from 'node:fs';

export interface LifeParts {
  /** Processor time that the process has used; null where the system does not tell: then it is never called hung. */
  readonly cpuTicks: () => number | null;
  readonly everyMs: number;
  /** Looks without a sign until it is told, and as many again until it is given up. */
  readonly looks: number;
  readonly onSilent: (seconds: number) => void;
  readonly onLost: (seconds: number) => void;
}

export class SignOfLife {
  readonly #parts: LifeParts;
  readonly #timer: NodeJS.Timeout;
  #silentLooks = 0;
  #hasSpoken = false;
  #ticks: number | null;

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.#ticks = parts.cpuTicks();
    this.#timer = setInterval(() => this.look(), parts.everyMs);
    this.#timer.unref();
  }

  heard(): void {
    this.#hasSpoken = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { cpuTicks, looks, everyMs, onSilent, onLost } = this.#parts;
    const ticks = cpuTicks();
    const isAlive = this.#hasSpoken || ticks === null || this.#ticks === null || ticks > this.#ticks;
    [this.#hasSpoken, this.#ticks] = [false, ticks];
    this.#silentLooks = isAlive ? 0 : this.#silentLooks + 1;
    const seconds = Math.round((this.#silentLooks * everyMs) / 1000);
    if (this.#silentLooks === looks) onSilent(seconds);
    if (this.#silentLooks === 2 * looks) onLost(seconds);
  }
}

/** User and system time of a process in clock ticks (proc(5), fields 14 and 15). */
export function cpuTicksOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks : null;
  } catch {
    return null;
  }
}
