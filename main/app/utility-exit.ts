/** What a utility process's exit code says. On POSIX Electron gives the number of a signal the same way as a code; ours end with 0, 1 or 2 by themselves. */
import type { ChildExit } from '../workers/transport.ts';

const signals: Readonly<Record<number, NodeJS.Signals>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};
/** macOS counts this one otherwise. */
const macSignals: typeof signals = { ...signals, 10: 'SIGBUS' };

export function readExit(code: number, platform: NodeJS.Platform = process.platform): ChildExit {
  if (platform === 'win32') return { code, signal: null };
  const signal = (platform === 'darwin' ? macSignals : signals)[code];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
