/** The scheduling priority of this process. Where it may not be changed it stays, and that is said: no job fails of it. */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';

/**
 * About one turn to another program's ten. Lower still would be no turn at all beside a busy machine, and a kernel thread that never comes to run
 * holds up the others.
 */
const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

interface System {
  readonly get: (pid: number) => number;
  readonly set: (pid: number, priority: number) => void;
  /** Threads that are there already; those made later, the kernels' among them, take after the one that makes them. */
  readonly threads: () => readonly string[];
}

const thisSystem: System = { get: getPriority, set: setPriority, threads: () => (process.platform === 'linux' ? readdirSync('/proc/self/task') : []) };

/** Returns what there is to say, or null. Footgun: on Linux a priority is a thread's, not a process's. */
export function applyPriority(priority: CpuOptimization['priority'], system: System = thisSystem): string | null {
  if (priority === 'normal') return null;
  try {
    lower(0, system);
  } catch (error) {
    return `The scheduling priority stays as it is (${error instanceof Error ? error.message : String(error)}).`;
  }
  for (const thread of system.threads()) {
    try {
      lower(Number(thread), system);
    } catch {
      // It has ended since.
    }
  }
  return null;
}

/** A process that was started lower stays there: numbers grow as priorities fall. */
function lower(pid: number, { get, set }: System): void {
  if (get(pid) < LOW) set(pid, LOW);
}
