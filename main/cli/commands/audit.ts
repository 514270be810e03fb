/** `lathe audit list|verify`: who did what, and whether the log of it is whole. */
import { Command } from 'commander';
import { z } from 'zod';
import type { AuditEntry } from '../../../shared/contracts/audit-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { table } from '../output/table.ts';

interface ListOptions {
  readonly limit: number;
  readonly before?: number;
}

export function auditCommand(host: HostSource): Command {
  const command = new Command('audit').description('who did what, and whether the log of it is whole');
  command
    .command('list')
    .description('what was done, newest first')
    .option('--limit <n>', 'how many rows', (text) => parseFlag('--limit', text, z.int().min(1).max(1_000)), 50)
    .option('--before <row>', 'only rows before this one', (text) => parseFlag('--before', text, z.int().min(1)))
    .action((options: ListOptions) => list(host(), options));
  command
    .command('verify')
    .description('find a row that was changed, taken out, moved or cut off')
    .action(() => verify(host()));
  return command;
}

async function list(host: Host, { limit, before = null }: Omit<ListOptions, 'before'> & { readonly before?: number | null }): Promise<void> {
  const { entries, next } = await askCore(host, (door) => door.call('audit.list', { limit, before }));
  const more = next === null ? [] : [`Go on with: lathe audit list --before ${next}`];
  host.reporter.done({ entries, next }, [...table([['row', 'when', 'who', 'what', 'of'], ...entries.map(cells)]), ...more]);
}

const cells = ({ seq, at, actor, action, subject }: AuditEntry): readonly string[] => [
  String(seq),
  at,
  `${actor.user}@${actor.host}${actor.token === null ? '' : ` (${actor.token})`}`,
  action,
  subject,
];

/** A broken log is a gate that says no. */
async function verify(host: Host): Promise<void> {
  const { rows, broken, head } = await askCore(host, (door) => door.call('audit.verify', {}));
  if (broken !== null) throw new AppError('AUDIT_BROKEN', { row: broken.seq, problem: broken.problem, rows });
  const cut = head === null && rows > 0 ? ['There is no audit.head, so a cut at the end would not show.'] : [];
  host.reporter.done({ rows, head }, [`The audit log is whole: ${formatCount(rows)} rows.`, ...cut]);
}
