/** `lathe secret set|list|remove`: passwords of the systems that Lathe talks to. A value is read from standard input, and encrypted here. */
import { Command } from 'commander';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';
import { readSecret } from '../read-secret.ts';

export function secretCommand(host: HostSource): Command {
  const command = new Command('secret').description('keep passwords of other systems, encrypted');
  command
    .command('set')
    .description('keep a secret; it is read from standard input; its key is in the keyring, or comes of a passphrase')
    .argument('<name>')
    // Refused here: the usual message would repeat the value.
    .allowExcessArguments()
    .action((name: string, _: unknown, { args }: Command) => {
      if (args.length > 1)
        throw new AppError('USAGE', {
          problem: 'A secret is no argument, where others can see it',
          hint: 'Write it to standard input: lathe secret set NAME < FILE.',
        });
      return set(host(), name);
    });
  command
    .command('list')
    .description('names of the secrets')
    .action(() => list(host()));
  command
    .command('remove')
    .description('forget a secret')
    .argument('<name>')
    .action((name: string) => remove(host(), name));
  return command;
}

async function set(host: Host, name: string): Promise<void> {
  // Nobody keeps the door while somebody types.
  const { lock } = await askCore(host, (door) => door.call('secrets.list', {}));
  const key = lock === null ? await host.secretKeys.make() : await host.secretKeys.open(lock);
  const value = await readSecret(host.terminal, `${name}: `);
  await askCore(host, (door) => door.call('secrets.put', { name, sealed: key.seal(name, value), lock: lock === null ? key.lock : null }));
  host.reporter.done({ name }, [`${name} is kept.`]);
}

async function list(host: Host): Promise<void> {
  const { secrets } = await askCore(host, (door) => door.call('secrets.list', {}));
  host.reporter.done({ secrets }, secrets.length === 0 ? ['No secrets.'] : table([['secret', 'set'], ...secrets.map(({ name, set_at }) => [name, set_at])]));
}

async function remove(host: Host, name: string): Promise<void> {
  await askCore(host, (door) => door.call('secrets.remove', { name }));
  host.reporter.done({ name }, [`${name} is forgotten.`]);
}
