/** The scheduling priority of this process. Where it may not be changed it stays, and that is said: no job fails of it. */
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';

type SetPriority = (pid: number, priority: number) => void;

/** Threads that are there already; those made later, the kernels' among them, take after the one that makes them. */
function threadsOf(platform: NodeJS.Platform): readonly number[] {
  if (platform !== 'linux') return [];
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

/** Returns what there is to say, or null. Footgun: on Linux a priority is a thread's, not a process's. */
export function applyPriority(
  priority: CpuOptimization['priority'],
  set: SetPriority = setPriority,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (priority === 'normal') return null;
  try {
    set(0, constants.priority.PRIORITY_LOW);
  } catch (error) {
    return `The scheduling priority stays as it is (${error instanceof Error ? error.message : String(error)}).`;
  }
  for (const thread of threadsOf(platform)) {
    try {
      set(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended since.
    }
  }
  return null;
}
