/** `lathe dataset add --from-hana` and `lathe dataset refresh`: data sets whose rows come from a HANA. */
import type { Command } from 'commander';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import { HanaSource } from '../../../shared/domain/hana-source.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';

const everyMs = 2_000;

export interface HanaSourceOptions {
  readonly name: string;
  readonly model?: string;
  readonly fromHana?: string;
  readonly table?: string;
  readonly view?: string;
  readonly select?: string;
  readonly param?: readonly string[];
  readonly columns?: string;
  readonly limit?: string;
  readonly orderBy?: string;
  readonly changeColumn?: string;
}

export const addHanaOptions = (command: Command): Command =>
  command
    .option('--from-hana <connection>', 'instead of a path: rows of a HANA, fetched into LATHE_HOME')
    .option('--table <name>', 'TABLE or SCHEMA.TABLE')
    .option('--view <name>', 'the same of a view')
    .option('--select <sql>', 'one SELECT that only reads, with values as :name')
    .option('--param <name=value>', 'a value of the select; again for another', (value: string, all: readonly string[] | undefined) => [...(all ?? []), value])
    .option('--columns <field=COLUMN,…>', "a row's fields and the column of each (default: every column, in lower case)")
    .option('--limit <n>', 'so many rows at most')
    .option('--order-by <column>', 'unique and never NULL: a fetch that was cut off goes on by it')
    .option('--change-column <column>', 'grows with every row that is added: a refresh fetches what came since');

export async function fetchDataset(host: Host, path: string | undefined, options: HanaSourceOptions): Promise<void> {
  if (path !== undefined) throw new AppError('USAGE', { problem: 'There is a path and --from-hana too', hint: 'Give one of both.' });
  const { name, model } = options;
  const source = sourceOf(options);
  const tokens = model === undefined ? null : host.shelves.model(model);
  const item = await askCore(
    host,
    async (door) => {
      const stop = await door.subscribe(progressTeller(host, name));
      try {
        return await door.call('datasets.fetch', { name, source, model: tokens });
      } finally {
        stop();
      }
    },
    'training',
  );
  host.reporter.done(item, itemLines(item));
}

/** A line every few seconds. */
function progressTeller(host: Host, name: string): (event: CoreEvent) => void {
  let told = Date.now();
  return ({ event, data }) => {
    if (event !== 'dataset.fetched' || data.name !== name || Date.now() - told < everyMs) return;
    told = Date.now();
    host.reporter.part({ event: 'dataset.fetched', ...data }, [`${formatCount(data.rows)} rows so far, ${formatBytes(data.bytes)}`]);
  };
}

export async function refreshDataset(host: Host, name: string): Promise<void> {
  const item = await askCore(host, (door) => door.call('datasets.refresh', { name }), 'training');
  host.reporter.done(item, itemLines(item));
}

const itemLines = ({ name, bytes, sha256, facts }: ShelfItem): readonly string[] => [
  `${name}: ${formatCount(Number(facts['hana_rows']))} rows fetched, ${formatBytes(bytes)} in all, SHA-256 ${sha256}`,
  `As HANA had them at ${String(facts['hana_snapshot'])}.`,
];

function sourceOf({ fromHana, table, view, select, param = [], columns, limit, orderBy, changeColumn }: HanaSourceOptions): HanaSource {
  const given = {
    ...{ connection: fromHana, table: table ?? view ?? null, select: select ?? null },
    params: Object.fromEntries(param.map((text) => pairOf(text, '--param'))),
    fields: columns === undefined ? null : Object.fromEntries(columns.split(',').map((text) => pairOf(text.trim(), '--columns'))),
    ...{ limit: limit === undefined ? null : Number(limit), order_by: orderBy ?? null, change_column: changeColumn ?? null },
  };
  const parsed = HanaSource.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('INPUT_INVALID', { where: issue?.path.map(String).join('.') ?? 'source', problem: issue?.message ?? 'is not right' });
}

function pairOf(text: string, flag: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new AppError('USAGE', { problem: `${flag} ${text} is no NAME=VALUE`, hint: 'Write it as name=value.' });
  return [text.slice(0, at), text.slice(at + 1)];
}
