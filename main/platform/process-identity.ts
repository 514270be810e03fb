/** Whether a process that was written down still is that process: ids are used again. */
import { readFileSync } from 'node:fs';

/** The state of process `pid`, and when it started in ticks since boot; nulls where the system does not tell. */
function statOf(pid: number): { readonly state: string | null; readonly ticks: string | null } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks; the state is the first field after it, the start time the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? null, ticks: fields[19] ?? null };
  } catch {
    return { state: null, ticks: null };
  }
}

/** What tells this process from a later one with its number. */
export const ownTicks = (): string | null => statOf(process.pid).ticks;

export function isSameProcess({ pid, ticks }: { readonly pid: number; readonly ticks?: string | null | undefined }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = statOf(pid);
  // A zombie is dead, and only waits for a parent that may never ask.
  if (now.state === 'Z' || now.state === 'X') return false;
  return ticks === null || ticks === undefined || now.ticks === null || now.ticks === ticks;
}
