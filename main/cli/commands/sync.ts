/** `lathe sync`: keep in step with HANA, see how that stands, and settle what was changed in two places. */
import { setTimeout as pause } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { SyncConflict, SyncNow, SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { table } from '../output/table.ts';

interface Options {
  readonly status?: boolean;
  readonly watch?: boolean;
}

export function syncCommand(host: HostSource): Command {
  const command = new Command('sync')
    .description('keep in step with HANA: tell it what was made here, read what others made')
    .option('--once', 'once, then end (this is also what it does without an option)')
    .option('--watch', 'go on until Ctrl-C, and say what happens')
    .option('--status', 'only say how it stands: what waits, and what was refused')
    .option('--json', 'one JSON object a line on standard output, and nothing else there')
    .action(async ({ status = false, watch = false }: Options) => {
      if (status) await show(host());
      else if (watch) await follow(host());
      else await once(host());
    });
  command
    .command('conflicts')
    .description('what was changed in two places, with both sides')
    .option('--all', 'those that are settled too')
    .action(({ all = false }: { all?: boolean }) => conflicts(host(), all));
  command
    .command('settle')
    .description('settle a conflict')
    .argument('<conflict>')
    .addOption(
      new Option('--keep <side>', 'mine: what came too late; theirs: what HANA has; both: mine gets the next number')
        .choices(['mine', 'theirs', 'both'])
        .makeOptionMandatory(),
    )
    .action((conflict: string, { keep }: { keep: 'mine' | 'theirs' | 'both' }) => settle(host(), conflict, keep));
  command
    .command('retry')
    .description('tell HANA again what it refused')
    .action(() => retry(host()));
  return command;
}

async function show(host: Host): Promise<void> {
  const status = await askCore(host, (door) => door.call('sync.status', {}));
  host.reporter.done(status, statusLines(status));
}

async function once(host: Host): Promise<void> {
  const [done, status] = await askCore(host, async (door) => [await door.call('sync.now', {}), await door.call('sync.status', {})] as const);
  const { sent, late, read } = done;
  const words = `${formatCount(sent)} told, ${formatCount(read)} read${late > 0 ? `, ${formatCount(late)} came too late` : ''}.`;
  host.reporter.done({ ...done, pending: status.pending, conflicts: status.conflicts }, [words, ...openLines(status)]);
}

/** A host that lasts syncs by itself; where there is none this command does. */
async function follow(host: Host): Promise<void> {
  await askCore(host, async (door) => {
    let told = '';
    const tell = (now: SyncNow): void => {
      const words = stateWords(now);
      if (words === told) return;
      told = words;
      host.reporter.part({ event: 'sync', ...now }, [words]);
    };
    await door.subscribe((event) => {
      if (event.event === 'sync.changed') tell(event.data);
    });
    tell(await door.call('sync.status', {}));
    await untilInterrupted(async () => {
      await door.call('sync.now', {}).catch(() => undefined);
    });
  });
  host.reporter.done({}, []);
}

const watchEveryMs = 15_000;

async function untilInterrupted(act: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const stop = onInterrupt(() => over.abort());
  while (!over.signal.aborted) {
    await act();
    await pause(watchEveryMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
  stop();
}

async function conflicts(host: Host, all: boolean): Promise<void> {
  const { conflicts: found } = await askCore(host, (door) => door.call('sync.conflicts', { state: all ? null : 'open' }));
  const lines = found.flatMap((each) => [...conflictLines(each), '']);
  host.reporter.done({ conflicts: found }, found.length === 0 ? ['Nothing is open.'] : lines);
}

async function settle(host: Host, conflict: string, keep: 'mine' | 'theirs' | 'both'): Promise<void> {
  const settled = await askCore(host, (door) => door.call('sync.settle', { conflict, keep }));
  host.reporter.done(settled, [`${settled.entity} ${settled.id}: ${keep} ${keep === 'both' ? 'are' : 'is'} kept. The others learn of it with the next sync.`]);
}

async function retry(host: Host): Promise<void> {
  const { rows } = await askCore(host, (door) => door.call('sync.retry', {}));
  host.reporter.done({ rows }, [rows === 0 ? 'Nothing was refused.' : `${formatCount(rows)} wait again.`]);
}

function stateWords({ state, until, pending, problem }: SyncNow): string {
  const waits = pending === 0 ? '' : ` ${formatCount(pending)} wait.`;
  const why = problem === null ? '' : ` ${problem.message}. ${problem.remedy}`;
  switch (state) {
    case 'none':
      return 'No connection to HANA is chosen. Nothing is queued until there is one; then everything is told.';
    case 'idle':
      return `In step with HANA.${waits}`;
    case 'syncing':
      return `Syncing.${waits}`;
    case 'offline':
      return `HANA is not to be reached; tried again at ${until ?? 'once'}.${waits}${why}`;
    case 'waiting':
      return `HANA cannot just now; tried again at ${until ?? 'once'}.${waits}${why}`;
    case 'attention':
      return `It does not go on by itself.${waits}${why}`;
  }
}

function statusLines(status: SyncStatus): readonly string[] {
  const { pending, sending, parked, bytes, oldest, entities, problems, last_round: last, problem, state } = status;
  return [
    stateWords(status),
    ...(last === null || state === 'none' ? [] : [`The last round went through at ${last}.`]),
    ...(problem !== null && state === 'idle' ? [`The last round failed: ${problem.message}. ${problem.remedy}`] : []),
    `${formatCount(pending)} rows wait, ${formatCount(sending)} of them are being sent, ${formatCount(parked)} were refused; ${formatBytes(bytes)} in all.`,
    ...(oldest === null ? [] : [`The oldest is of ${oldest}.`]),
    ...entities.map(({ entity, rows, bytes: size }) => `  ${entity}: ${formatCount(rows)} rows, ${formatBytes(size)}`),
    ...problems.map(({ entity, id, attempts, problem: why }) => `refused: ${entity} ${id} after ${attempts} attempts: ${why ?? 'no reason given'}`),
    ...openLines(status),
  ];
}

const openLines = ({ conflicts: open }: SyncNow): readonly string[] =>
  open === 0 ? [] : [`${formatCount(open)} changed in two places: see \`lathe sync conflicts\`.`];

function conflictLines({ conflict, entity, id, kind, clashes, at, is_ours: isOurs, mine, theirs, state, kept }: SyncConflict): readonly string[] {
  const keys = clashes.length > 0 ? [...new Set(clashes.map((clash) => clash.split('.')[0] ?? clash))] : differing(mine.payload, theirs.payload);
  const text = (side: SyncConflict['mine']['payload'], key: string): string => (side === null ? '(taken away)' : short(JSON.stringify(side[key] ?? null)));
  const what = kind === 'two' ? 'two versions of one number' : 'changed in two places';
  return [
    `${conflict}  ${entity} ${id}: ${what}, ${at}${isOurs ? ', from here' : ''}${state === 'settled' ? `; ${kept ?? 'one'} kept` : ''}`,
    ...table([['', 'mine', 'theirs'], ...keys.slice(0, 12).map((key) => [`  ${key}`, text(mine.payload, key), text(theirs.payload, key)])]),
  ];
}

function differing(mine: SyncConflict['mine']['payload'], theirs: SyncConflict['mine']['payload']): readonly string[] {
  const keys = [...new Set([...Object.keys(mine ?? {}), ...Object.keys(theirs ?? {})])];
  return keys.filter((key) => JSON.stringify(mine?.[key]) !== JSON.stringify(theirs?.[key]));
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
