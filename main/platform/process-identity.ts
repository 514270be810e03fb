/** Whether a process that was written down still is that process: ids are used again. */
import { readFileSync } from 'node:fs';

/** When process `pid` started, in ticks since boot; null where the system does not tell. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

export function isSameProcess({ pid, ticks }: { readonly pid: number; readonly ticks?: string | null | undefined }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = startTicks(pid);
  return ticks === null || ticks === undefined || now === null || now === ticks;
}
