/** Facts about this machine, without the native engine. */
import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';

export interface Hardware {
  readonly cpu: string;
  readonly architecture: string;
  readonly platform: string;
  /** What this process may use: affinity and container quota counted in. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly node: string;
}

/** Smaller of the machine's memory and the container's. */
const memoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

export const readHardware = (): Hardware => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  architecture: process.arch,
  platform: `${process.platform} ${release()}`,
  cores: availableParallelism(),
  memoryBytes: memoryBytes(),
  freeMemoryBytes: process.availableMemory(),
  node: process.version,
});

/** Bytes free for this user where `path` is or would be. */
export function freeDiskBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return freeDiskBytes(parent);
  }
}

/** What keeps a folder from being made or written, in words; null: nothing. The nearest folder that is there decides. */
export function whyNotWritable(path: string): string | null {
  try {
    if (!statSync(path).isDirectory()) return `${path} is no folder`;
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && parent !== path) return whyNotWritable(parent);
    return `${path} cannot be written`;
  }
}

/** Whether this is a Linux whose processor has AMX: the kernel grants it to a process only while none of its threads has a small signal stack. */
export function hasLinuxAmx(cpuinfo = '/proc/cpuinfo'): boolean {
  try {
    return process.platform === 'linux' && /^flags\s*:.*\bamx_tile\b/m.test(readFileSync(cpuinfo, 'utf8'));
  } catch {
    return false;
  }
}
