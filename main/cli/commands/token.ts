/** `lathe token create|list|revoke`: who may come in through the public door, and as what. */
import { Command, Option } from 'commander';
import type { Token } from '../../../shared/contracts/token-calls.ts';
import { Duration, durationMs } from '../../../shared/domain/duration.ts';
import { roles, type Role } from '../../../shared/domain/role.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';

interface CreateOptions {
  readonly name: string;
  readonly role: Role;
  readonly expires?: string;
}

export function tokenCommand(host: HostSource): Command {
  const command = new Command('token').description('make, list and revoke access tokens for HTTP');
  command
    .command('create')
    .description('make a token; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--expires <when>', 'after such a time (12h, 30d), or at a date (2027-01-31)')
    .action((options: CreateOptions) => create(host(), options));
  command
    .command('list')
    .description('the tokens, newest first')
    .action(() => list(host()));
  command
    .command('revoke')
    .description('end a token')
    .argument('<token>', 'id or name')
    .action((token: string) => revoke(host(), token));
  return command;
}

async function create(host: Host, { name, role, expires }: CreateOptions): Promise<void> {
  const ends = expires === undefined ? null : endOf(expires, new Date());
  const made = await askCore(host, (door) => door.call('tokens.create', { name, role, expires: ends }));
  host.reporter.done(made, [made.token, `Keep it: it is not shown again. It is ${name}, ${role}${ends === null ? '' : `, until ${ends}`}.`]);
}

async function list(host: Host): Promise<void> {
  const { tokens } = await askCore(host, (door) => door.call('tokens.list', {}));
  const rows = tokens.map((token) => [token.id, token.name, token.role, stateOf(token, new Date()), token.created, token.last_used ?? '-']);
  host.reporter.done({ tokens }, tokens.length === 0 ? ['No access tokens yet.'] : table([['id', 'name', 'role', 'state', 'made', 'last used'], ...rows]));
}

async function revoke(host: Host, reference: string): Promise<void> {
  const token = await askCore(host, (door) => door.call('tokens.revoke', { token: reference }));
  host.reporter.done(token, [`Token ${token.name} is revoked.`]);
}

function stateOf({ revoked, expires }: Token, now: Date): string {
  if (revoked !== null) return 'revoked';
  if (expires === null) return 'valid';
  return Date.parse(expires) > now.getTime() ? `until ${expires}` : 'expired';
}

/** A length of time from now, or a date. */
function endOf(text: string, now: Date): string {
  const duration = Duration.safeParse(text);
  const end = duration.success ? now.getTime() + durationMs(duration.data) : Date.parse(text);
  if (Number.isFinite(end) && Math.abs(end) < 8.64e15) return new Date(end).toISOString();
  throw new AppError('USAGE', { problem: `--expires ${text} is no time`, hint: 'Give a time such as 12h or 30d, or a date such as 2027-01-31.' });
}
