/** The table that `environment.profile` asks for: calls, time, rate and share of each kernel since the run began. */
import { join, resolve } from 'node:path';
import type { EnvironmentConfig } from '../../shared/domain/environment-config.ts';
import { makeFolder, writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { loadAddon } from '../tensor/load-addon.ts';

/** Lines of tab-separated text, the most expensive kernel first; `wall` is the time they are a share of. */
export function profileTable(wall: number): string {
  const rows = Object.entries(loadAddon().counters())
    .filter(([, { calls }]) => calls > 0)
    .sort(([, a], [, b]) => b.seconds - a.seconds)
    .map(([op, { calls, seconds, flops, bytes }]) => {
      const rates = [flops / seconds / 1e9, bytes / seconds / 1e9, (100 * seconds) / wall].map((value) => value.toFixed(1));
      return [op, calls, seconds.toFixed(3), ...rates].join('\t');
    });
  return ['kernel\tcalls\tseconds\tGFLOP/s\tGB/s\tpercent of the run', ...rows, ''].join('\n');
}

/** Writes kernels.tsv into `profile_path`, which is relative to the run folder. Does nothing where profiling is off. */
export async function writeProfile(runFolder: string, { profile, profile_path: path }: EnvironmentConfig, wall: number): Promise<void> {
  if (!profile) return;
  const folder = resolve(runFolder, path);
  makeFolder(folder);
  await writeWholeFileAtomically(join(folder, 'kernels.tsv'), profileTable(wall));
}
