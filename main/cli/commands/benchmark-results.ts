/** `lathe benchmark list|results`: benchmark runs, and the scores that were made. */
import { Command } from 'commander';
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { isMatrix, scoreMatrix, scoreTable } from '../output/benchmark-text.ts';
import { table } from '../output/table.ts';

export const benchmarkListCommand = (host: HostSource): Command =>
  new Command('list').description('the benchmark runs of LATHE_HOME, newest first').action(() => list(host()));

export const benchmarkResultsCommand = (host: HostSource): Command =>
  new Command('results')
    .description('the scores of a run; without one the newest of each model, task and setting')
    .argument('[run]', 'id of a benchmark run')
    .option('--each', 'a line for each score, also where there are many')
    .action((run: string | undefined, options: { each?: boolean }) => (run === undefined ? newest(host(), options) : results(host(), run, options)));

const few = (names: readonly string[]): string => (names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`);
const standing = ({ state, eta_seconds }: BenchmarkRun): string => (eta_seconds === null ? state : `${state}, ${formatSeconds(eta_seconds)} left`);

async function list(host: Host): Promise<void> {
  const { runs, next } = await askCore(host, (door) => door.call('benchmarks.list', { limit: 1_000 }));
  const rows = runs.map((run) => [run.run, standing(run), `${run.done}/${run.total}`, few(run.subjects), few(run.tasks)]);
  const more = next === null ? [] : ['Older runs are not shown.'];
  const none = ['No benchmark runs yet. Start one: lathe benchmark run --models lathe-base --benchmarks arc_easy'];
  host.reporter.done({ runs, next }, runs.length === 0 ? none : [...table([['run', 'state', 'scores', 'models', 'benchmarks'], ...rows]), ...more]);
}

async function results(host: Host, id: string, { each }: { readonly each?: boolean }): Promise<void> {
  const run = await askCore(host, (door) => door.call('benchmarks.get', { run: id }));
  const isOpen = benchmarkIsActive(run.state) || run.state === 'done' ? [] : [`Go on with: lathe benchmark run --resume ${run.run}`];
  const scores = each !== true && isMatrix(run.scores) ? scoreMatrix(run.scores) : scoreTable(run.scores, run.request);
  host.reporter.done(run, [`Benchmark run ${run.run} is ${standing(run)}.`, ...scores, ...isOpen]);
}

async function newest(host: Host, { each }: { readonly each?: boolean }): Promise<void> {
  const { scores, next } = await askCore(host, (door) => door.call('benchmarks.scores', { latest: true, limit: 1_000 }));
  const more = next === null ? [] : ['Older scores are not shown.'];
  const lines = each !== true && isMatrix(scores) ? scoreMatrix(scores) : scoreTable(scores, null);
  host.reporter.done({ scores, next }, scores.length === 0 ? ['No scores yet.'] : [...lines, ...more]);
}
