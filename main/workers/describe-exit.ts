/** How a process ended, in words. */
import type { ChildExit } from './transport.ts';

const meanings: Readonly<Record<string, string>> = {
  SIGILL: 'SIGILL: an instruction that this processor does not have',
  SIGSEGV: 'SIGSEGV: memory that is not its own',
  SIGBUS: 'SIGBUS: a file that it had mapped was cut short, or the disk failed',
  SIGFPE: 'SIGFPE: arithmetic',
  SIGABRT: 'SIGABRT: it gave up by itself',
  SIGKILL: 'SIGKILL: killed from outside, by hand or by the system',
  SIGTERM: 'SIGTERM: ended from outside',
};

export function describeExit({ code, signal }: ChildExit): string {
  if (signal !== null) return meanings[signal] ?? signal;
  return code === null ? 'it could not be started' : `exit code ${code}`;
}

/** Linux and macOS name it by signal, Windows by status, a shell in between by 128 + 4. */
export const isIllegalInstruction = ({ code, signal }: ChildExit): boolean =>
  signal === 'SIGILL' || (signal === null && code !== null && [0xc000001d, 132].includes(code >>> 0));

/** Ends that come from code the processor or the memory refused, not from a program's decision. Windows names them by status. */
const nativeSignals: ReadonlySet<string> = new Set(['SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGABRT', 'SIGTRAP']);
const nativeStatuses: ReadonlySet<number> = new Set([0xc000001d, 0xc0000005, 0xc0000094, 0xc0000409, 132, 134, 135, 136, 139]);

export const isNativeCrash = ({ code, signal }: ChildExit): boolean =>
  signal === null ? code !== null && nativeStatuses.has(code >>> 0) : nativeSignals.has(signal);
