/**
 * Loaded into a process before it starts (`--import`): in the process that trains it writes, into the file that LATHE_BENCH_MARK names, the
 * time at which the first forward pass begins. A dry run of the plan is none.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mark = process.env['LATHE_BENCH_MARK'];
if (mark !== undefined && process.argv[1]?.endsWith(join('worker', 'index.ts')) === true) {
  const { loadAddon } = await import('../../../compute/tensor/load-addon.ts');
  const addon = loadAddon();
  const [configure, embeddingForward] = [addon.configure.bind(addon), addon.embeddingForward.bind(addon)];
  let isDry = false;
  const watching = {
    configure: (settings: Parameters<typeof configure>[0]): void => {
      isDry = settings.dryRun ?? isDry;
      configure(settings);
    },
    embeddingForward: (...args: Parameters<typeof embeddingForward>): void => {
      if (!isDry) {
        writeFileSync(mark, String(performance.timeOrigin + performance.now()));
        Object.assign(addon, { configure, embeddingForward });
      }
      embeddingForward(...args);
    },
  };
  Object.assign(addon, watching);
}
