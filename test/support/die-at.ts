/** Makes this process kill itself, as a power cut would, just before its n-th call that changes the file system in a way that lasts. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const names = ['renameSync', 'fsyncSync', 'rmSync', 'symlinkSync'] as const;

/** To be called before what it shall strike is imported by others; 0: never. */
export function dieAt(call: number): void {
  let count = 0;
  for (const name of names) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]): unknown => {
        count += 1;
        if (count === call) process.kill(process.pid, 'SIGKILL');
        return real(...args);
      },
    });
  }
  syncBuiltinESMExports();
}
