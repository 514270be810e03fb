/** `lathe benchmark stop|remove`. */
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

/** How long `stop` waits for the items that are being scored, until it ends the process. */
const stopWaitMs = 60_000;

export const benchmarkStopCommand = (host: HostSource): Command =>
  new Command('stop')
    .description('stop a benchmark run; what was scored is kept')
    .argument('<run>', 'id of a benchmark run')
    .action((run: string) => stop(host(), run));

export const benchmarkRemoveCommand = (host: HostSource): Command =>
  new Command('remove')
    .description('forget a benchmark run, and delete its records')
    .argument('<run>', 'id of a benchmark run')
    .action((run: string) => remove(host(), run));

async function stop(host: Host, id: string): Promise<void> {
  const asked = await askCore(host, (door) => door.call('benchmarks.stop', { run: id }));
  const ended = await untilEnded(host, asked);
  host.reporter.done(ended, [
    `Benchmark run ${ended.run} is ${ended.state}, ${ended.done} of ${ended.total} scores made.`,
    ...(ended.state === 'done' ? [] : [`Go on with: lathe benchmark run --resume ${ended.run}`]),
  ]);
}

/** The host may end together with its run, so each look finds its own door. */
async function untilEnded(host: Host, asked: BenchmarkRunDetails): Promise<BenchmarkRunDetails> {
  const deadline = performance.now() + stopWaitMs;
  let [now, isForced] = [asked, false];
  while (benchmarkIsActive(now.state)) {
    await pause(100);
    const force = performance.now() > deadline && !isForced;
    isForced ||= force;
    now = (await lookAt(host, now.run, force)) ?? now;
  }
  return now;
}

/** null where nobody answers just now. */
async function lookAt(host: Host, run: string, force: boolean): Promise<BenchmarkRunDetails | null> {
  try {
    return await askCore(host, (door) => (force ? door.call('benchmarks.stop', { run, force }) : door.call('benchmarks.get', { run })));
  } catch (error) {
    if (isAppError(error, 'HOST_GONE') || isAppError(error, 'BENCHMARK_STATE')) return null;
    throw error;
  }
}

async function remove(host: Host, id: string): Promise<void> {
  await askCore(host, (door) => door.call('benchmarks.remove', { run: id }));
  host.reporter.done({ run: id }, [`Benchmark run ${id} is removed.`]);
}
