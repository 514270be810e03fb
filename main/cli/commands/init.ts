/** `lathe init`: makes LATHE_HOME, and Lathe's tables in a HANA where one is named. */
import { Command } from 'commander';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';

interface InitOptions {
  readonly hana?: string;
  readonly dryRun?: boolean;
}

export const initCommand = (host: HostSource): Command =>
  new Command('init')
    .description("make LATHE_HOME, and with --hana Lathe's tables in a HANA, or bring them up to date")
    .option('--hana <connection>', 'a connection of lathe hana add')
    .option('--dry-run', 'changes nothing there; writes the SQL as a script for an administrator')
    .action((options: InitOptions) => init(host(), options));

async function init(host: Host, { hana, dryRun = false }: InitOptions): Promise<void> {
  if (hana === undefined) {
    const { home } = await askCore(host, (door) => door.call('host.status', {}));
    host.reporter.done({ home }, [`${home} is ready.`]);
    return;
  }
  const result = await askCore(host, (door) => door.call('hana.init', { connection: hana, dry_run: dryRun }));
  const { had, made, script } = result;
  if (script !== null) host.reporter.done(result, script.trimEnd().split('\n'));
  else if (made.length === 0) host.reporter.done(result, [`Lathe's tables at ${hana} are of the newest version (${String(Math.max(...had))}).`]);
  else
    host.reporter.done(result, [`Lathe's tables at ${hana} are made: version ${String(Math.max(...made))}. Keep in step with it: lathe hana connect ${hana}`]);
}
