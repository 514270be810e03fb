/** The machine that a bench ran on, as it is written beside every figure. */
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import type { Machine } from './report/report-schema.ts';

export function describeMachine(threads: number): Machine {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    threads,
    memory_bytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    node: process.version,
    lathe: version,
    features: [...loadAddon().features()],
  };
}
