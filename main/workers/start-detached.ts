/** Starts the command line as a process of its own, which outlives this one and its terminal. */
import { spawn } from 'node:child_process';

/** `entry` is the command line's own file. Says nothing and is not waited for: who needs it looks whether it answers. */
export function startDetached(entry: string, args: readonly string[], { cwd }: { readonly cwd: string }): void {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], { cwd, detached: true, stdio: 'ignore', windowsHide: true });
  // Who waits for it finds out that it does not answer.
  child.on('error', () => undefined);
  child.unref();
}
