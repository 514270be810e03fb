/** How often the system has ended a process because memory ran out, as Linux counts it. */
import { readFileSync } from 'node:fs';

/** The machine's count, and that of the control group this process and its children live in (cgroup v2, then v1). */
export const oomFiles = ['/proc/vmstat', '/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'] as const;

/** Only a rise means something; 0 where nothing can be read. */
export function oomKills(files: readonly string[] = [...oomFiles, ...ownGroup()]): number {
  return files.reduce((sum, file) => sum + Number(/^oom_kill (\d+)$/m.exec(read(file))?.[1] ?? 0), 0);
}

/** Where the group is not seen as the root, as on a desktop. */
function ownGroup(): readonly string[] {
  const path = /^0::(\/.+)$/m.exec(read('/proc/self/cgroup'))?.[1];
  return path === undefined ? [] : [`/sys/fs/cgroup${path}/memory.events`];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
