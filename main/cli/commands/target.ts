/** `lathe target …`: servers that versions are deployed to, by a name. */
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { environments, Target, type DeploymentEnvironment, type TargetInput } from '../../../shared/domain/target.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { targetLines, targetTable } from '../output/deployment-text.ts';

interface AddOptions {
  readonly environment: DeploymentEnvironment;
  readonly server: readonly string[];
  readonly embedded?: boolean;
  readonly port?: string;
  readonly secret?: string;
  readonly caFile?: string;
  readonly baseConfig?: string;
  readonly proxy?: string;
  readonly proxySecret?: string;
  readonly deliveryAddress?: string;
  readonly deliveryPort?: string;
  readonly share?: string;
  readonly shareModelsPath?: string;
  readonly minAvailable?: string;
  readonly approval: boolean;
}

export function targetCommand(host: HostSource): Command {
  const command = new Command('target').description('servers that versions are deployed to: add, list, check, remove');
  command
    .command('add')
    .description('make a target, or change one')
    .argument('<name>')
    .addOption(new Option('--environment <environment>').choices(environments).makeOptionMandatory())
    .addOption(new Option('--server <name=url>', 'a LocalAI server; again for another').argParser(collect).default([]))
    .option('--embedded', "instead of servers: Lathe's own endpoint on this machine")
    .option('--port <port>', 'of the embedded endpoint')
    .option('--secret <name>', "the secret with the servers' admin key (lathe secret set NAME)")
    .option('--ca-file <file>', 'certificates to trust besides those of the system')
    .option('--base-config <name>', 'the configuration there that serves the plain base model')
    .option('--proxy <url>', 'where lathe proxy answers, for weighted canaries')
    .option('--proxy-secret <name>', "the secret with the proxy's key")
    .option('--delivery-address <address>', 'that the servers reach this machine by')
    .option('--delivery-port <port>', 'for adapters that they fetch')
    .option('--share <folder>', 'instead: adapters are copied to this folder that all servers see')
    .option('--share-models-path <path>', 'that folder, as a path below their models folder')
    .option('--min-available <n>', 'a rolling deployment keeps so many servers answering')
    .option('--no-approval', 'takes versions that are not approved; production never does')
    .action((name: string, options: AddOptions) => add(host(), name, options));
  command
    .command('list')
    .description('the targets, with what was last found there')
    .action(() => list(host()));
  command
    .command('check')
    .description('ask its servers what they are and allow, and what differs from what was left there')
    .argument('<name>')
    .action((name: string) => check(host(), name));
  command
    .command('remove')
    .description('forget it; what it serves goes on')
    .argument('<name>')
    .action((name: string) => remove(host(), name));
  return command;
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

async function add(host: Host, name: string, options: AddOptions): Promise<void> {
  const target = parsed(Target, inputOf(name, options));
  const known = await askCore(host, (door) => door.call('targets.save', { target }));
  host.reporter.done({ target: known }, [`${name} is kept. See whether it can be reached: lathe target check ${name}`]);
}

function inputOf(name: string, options: AddOptions): TargetInput {
  const { environment, approval, server, embedded } = options;
  const common = { name, environment, require_approval: approval };
  if (embedded === true) return { kind: 'embedded', ...common, ...(options.port === undefined ? {} : { port: Number(options.port) }) };
  const servers = server.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new AppError('USAGE', { problem: `--server ${text} is no NAME=URL`, hint: 'Write it as one=http://10.0.0.5:8080.' });
    return { name: text.slice(0, at), url: text.slice(at + 1) };
  });
  return {
    kind: 'localai',
    ...common,
    servers,
    secret: options.secret ?? null,
    ca_file: options.caFile === undefined ? null : resolve(options.caFile),
    base_config: options.baseConfig ?? null,
    delivery: deliveryOf(options),
    proxy: options.proxy === undefined ? null : { url: options.proxy, secret: options.proxySecret ?? null },
    ...(options.minAvailable === undefined ? {} : { min_available: Number(options.minAvailable) }),
  };
}

function deliveryOf({ share, shareModelsPath, deliveryAddress, deliveryPort }: AddOptions): Extract<TargetInput, { kind: 'localai' }>['delivery'] {
  if (share !== undefined) return { how: 'share', folder: resolve(share), models_path: shareModelsPath ?? '' };
  return { how: 'serve', address: deliveryAddress ?? null, port: Number(deliveryPort ?? 0) };
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError('INPUT_INVALID', { where: issue?.path.map(String).join('.') ?? 'target', problem: issue?.message ?? 'is not right' });
}

async function list(host: Host): Promise<void> {
  const { targets } = await askCore(host, (door) => door.call('targets.list', {}));
  host.reporter.done({ targets }, targetTable(targets));
}

async function check(host: Host, name: string): Promise<void> {
  const target = await askCore(host, (door) => door.call('targets.check', { target: name }));
  host.reporter.done({ target }, targetLines(target));
}

async function remove(host: Host, name: string): Promise<void> {
  await askCore(host, (door) => door.call('targets.remove', { target: name }));
  host.reporter.done({ name }, [`${name} is forgotten; what it serves goes on.`]);
}
