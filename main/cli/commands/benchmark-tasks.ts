/** `lathe benchmark tasks`: what can be scored on, and where the items belong. */
import { Command } from 'commander';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';

export const benchmarkTasksCommand = (host: HostSource): Command =>
  new Command('tasks').description('the tasks that are known, and whether their items are here').action(() => tasks(host()));

async function tasks(host: Host): Promise<void> {
  const found = await askCore(host, (door) => door.call('benchmarks.tasks', {}));
  const rows = found.tasks.map(({ name, title, metrics, data, built_in }) => [
    name,
    title,
    metrics.join(', '),
    data === null ? 'missing' : 'here',
    built_in ? '' : 'own',
  ]);
  const missing = found.tasks
    .filter(({ data }) => data === null)
    .map(({ name, expected, url, licence }) => `${name}: ${url === '' ? 'put them' : `from ${url} (${licence})`} to ${expected}`);
  const lines = [
    ...table([['task', 'title', 'metrics', 'items', ''], ...rows]),
    ...(missing.length === 0 ? [] : ['', 'Items that are missing belong there, as .jsonl or .parquet:', ...missing.map((line) => `  ${line}`)]),
    ...found.broken.map(({ path, problem }) => `${path} cannot be used: ${problem}`),
  ];
  host.reporter.done(found, lines);
}
