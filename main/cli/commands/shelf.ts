/** `lathe model …` and `lathe dataset add|list|show|check|remove`: files under names. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import type { ShelfDetails, ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { addHanaOptions, fetchDataset, refreshDataset, type HanaSourceOptions } from './hana-dataset.ts';
import { table } from '../output/table.ts';

interface AddOptions {
  readonly name: string;
  readonly copy?: boolean;
  readonly model?: string;
}

const words = { model: { many: 'models', a: 'a model' }, dataset: { many: 'datasets', a: 'a data set' } } as const;

export const modelCommand = (host: HostSource): Command => shelfCommand('model', host);
export const datasetCommand = (host: HostSource): Command => shelfCommand('dataset', host);

function shelfCommand(kind: ShelfKind, host: HostSource): Command {
  const { a, many } = words[kind];
  const command = new Command(kind).description(`${kind === 'model' ? 'models' : 'data sets'} under names: add, list, show, check, remove`);
  const add = command
    .command('add')
    .description(`put ${a} on the shelf; its files stay where they are`)
    .argument(kind === 'model' ? '<path>' : '[path]')
    .requiredOption('--name <name>', 'what to call it')
    .option('--copy', 'copy the files into LATHE_HOME')
    .action((path: string | undefined, options: AddOptions & HanaSourceOptions) =>
      options.fromHana === undefined ? addItem(host(), kind, { path: requirePath(path), ...options }) : fetchDataset(host(), path, options),
    );
  if (kind === 'dataset') {
    addHanaOptions(add.option('--model <path-or-name>', 'count its tokens as this model does'));
    command
      .command('refresh')
      .description('fetch one again that came from a HANA; by its change column only what came since')
      .argument('<name>')
      .action((name: string) => refreshDataset(host(), name));
  }
  command
    .command('list')
    .description('what stands on the shelf')
    .action(() => list(host(), kind));
  command
    .command('show')
    .description('its facts, and the runs and versions made from it')
    .argument('<name>')
    .action((name: string) => show(host(), kind, name));
  command
    .command('check')
    .description('hash the files again; of all where no name is given')
    .argument('[name]')
    .action((name: string | undefined) => check(host(), kind, name));
  command
    .command('remove')
    .description('take it off the shelf; files that are linked stay')
    .argument('<name>')
    .option('--force', 'although runs or versions were made from it')
    .action(async (name: string, { force = false }: { force?: boolean }) => {
      await askCore(host(), (door) => door.call(`${many}.remove`, { name, force }));
      host().reporter.done({ name }, [`${name} is off the shelf.`]);
    });
  return command;
}

async function addItem(host: Host, kind: ShelfKind, { path, name, copy = false, model }: AddOptions & { readonly path: string }): Promise<void> {
  const input = { name, path: resolve(path), copy };
  const tokens = model === undefined ? null : host.shelves.model(model);
  const item = await askCore(
    host,
    (door) => (kind === 'model' ? door.call('models.add', input) : door.call('datasets.add', { ...input, model: tokens })),
    'training',
  );
  host.reporter.done(item, [`${item.name}: ${formatBytes(item.bytes)}, SHA-256 ${item.sha256}`, `It lies at ${item.path}.`]);
}

function requirePath(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new AppError('USAGE', { problem: 'There is no path', hint: 'Give a file, or --from-hana CONNECTION with --table, --view or --select.' });
}

async function list(host: Host, kind: ShelfKind): Promise<void> {
  const { items } = await askCore(host, (door) => door.call(`${words[kind].many}.list`, {}));
  const rows = items.map(({ name, bytes, is_copy, path }) => [name, formatBytes(bytes), is_copy ? 'copy' : 'link', path]);
  const none = `Nothing on the shelf; \`lathe ${kind} add PATH --name NAME\` puts something there.`;
  host.reporter.done({ items }, items.length === 0 ? [none] : table([['name', 'size', 'files', 'path'], ...rows]));
}

async function show(host: Host, kind: ShelfKind, name: string): Promise<void> {
  const item = await askCore(host, (door) => door.call(`${words[kind].many}.get`, { name }));
  host.reporter.done(item, itemLines(item));
}

const itemLines = ({ name, path, is_copy, bytes, sha256, added, facts, runs, versions }: ShelfDetails): readonly string[] =>
  table([
    ['name', name],
    ['path', `${path} (${is_copy ? 'a copy of its own' : 'linked'})`],
    ['size', formatBytes(bytes)],
    ['SHA-256', sha256],
    ['added', added],
    ...Object.entries(facts).map(([key, value]) => [key.replaceAll('_', ' '), Array.isArray(value) ? value.join(', ') : String(value ?? 'none')]),
    ['runs', runs.join(', ') || 'none'],
    ['versions', versions.join(', ') || 'none'],
  ]);

async function check(host: Host, kind: ShelfKind, name: string | undefined): Promise<void> {
  const { many } = words[kind];
  const checks = await askCore(
    host,
    async (door) => {
      const names = name === undefined ? (await door.call(`${many}.list`, {})).items.map((item: ShelfItem) => item.name) : [name];
      const found = [];
      for (const each of names) found.push(await door.call(`${many}.check`, { name: each }));
      return found;
    },
    'training',
  );
  const bad = checks.find(({ problem }) => problem !== null);
  if (bad !== undefined) throw new AppError('SHELF_CHANGED', { what: kind, name: bad.name, path: bad.path, problem: bad.problem ?? '' });
  host.reporter.done({ checks }, checks.length === 0 ? ['Nothing on the shelf.'] : checks.map((each) => `${each.name} is as it was added.`));
}
