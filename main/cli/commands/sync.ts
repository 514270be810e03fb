/** `lathe sync --status`: what waits to be told to HANA. */
import { Command } from 'commander';
import type { SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import { notYet, type Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

export const syncCommand = (host: HostSource): Command =>
  new Command('sync')
    .description('what is to be told to HANA')
    .option('--status', 'how much waits, and what was refused')
    .action(({ status = false }: { status?: boolean }) => {
      if (!status) throw notYet('lathe sync', 'sending to HANA');
      return show(host());
    });

async function show(host: Host): Promise<void> {
  const status = await askCore(host, (door) => door.call('sync.status', {}));
  host.reporter.done(status, statusLines(status));
}

const statusLines = ({ connected, pending, sending, parked, bytes, oldest, entities, problems }: SyncStatus): readonly string[] => [
  connected
    ? 'Connected to HANA.'
    : 'Not connected: this version has no connection to HANA yet. Nothing is queued until there is one; then everything is told.',
  `${formatCount(pending)} rows wait, ${formatCount(sending)} are being sent, ${formatCount(parked)} were refused; ${formatBytes(bytes)} in all.`,
  ...(oldest === null ? [] : [`The oldest is of ${oldest}.`]),
  ...entities.map(({ entity, rows, bytes: size }) => `  ${entity}: ${formatCount(rows)} rows, ${formatBytes(size)}`),
  ...problems.map(({ entity, id, attempts, problem }) => `refused: ${entity} ${id} after ${attempts} attempts: ${problem ?? 'no reason given'}`),
];
