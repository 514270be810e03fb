/** `lathe hana …`: connections with HANA, and which of them the registry is kept in step with. */
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { HanaConnection, hanaDrivers } from '../../../shared/domain/hana-connection.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { hanaReportLines, hanaTable } from '../output/hana-text.ts';

interface AddOptions {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly secret: string;
  readonly database?: string;
  readonly schema?: string;
  readonly driver?: string;
  readonly acceptLicence?: boolean;
  readonly encrypt: boolean;
  readonly validateCertificate: boolean;
  readonly caFile?: string;
  readonly certificateHost?: string;
  readonly connectTimeout?: string;
  readonly answerTimeout?: string;
  readonly artifactFolder?: string;
}

export function hanaCommand(host: HostSource): Command {
  const command = new Command('hana').description('connections with SAP HANA: add, list, test, remove, connect, disconnect');
  command
    .command('add')
    .description('make a connection, or change one')
    .argument('<name>')
    .requiredOption('--host <host>', 'name or address')
    .option('--port <port>', '443 for HANA Cloud, 3NN15 for instance NN', '443')
    .requiredOption('--user <user>')
    .requiredOption('--secret <name>', 'the secret with the password (lathe secret set NAME)')
    .option('--database <name>', 'the tenant, where the port is that of the system database')
    .option('--schema <name>', "where Lathe's tables are (default: the user's own)")
    .addOption(new Option('--driver <driver>', "hdb comes with Lathe; hana-client is SAP's own, installed by you").choices(hanaDrivers))
    .option('--accept-licence', "accepts the licence of SAP's driver")
    .option('--no-encrypt', 'without TLS: everything is readable on the way')
    .option('--no-validate-certificate', 'whoever answers is taken for HANA')
    .option('--ca-file <file>', 'certificates (PEM) to trust in place of those of the system')
    .option('--certificate-host <name>', 'that its certificate has to bear, where it is not the host')
    .option('--connect-timeout <seconds>', 'for the connection and the log-on')
    .option('--answer-timeout <seconds>', 'how long it may be silent in the middle of a call')
    .option('--artifact-folder <folder>', 'that all see who share this HANA: adapters travel through it')
    .action((name: string, options: AddOptions) => add(host(), name, options));
  command
    .command('list')
    .description('the connections')
    .action(() => list(host()));
  command
    .command('test')
    .description('log on once and say what is there, or what stands in the way')
    .argument('<name>')
    .action((name: string) => test(host(), name));
  command
    .command('remove')
    .description('forget a connection; what is in HANA stays')
    .argument('<name>')
    .action((name: string) => remove(host(), name));
  command
    .command('connect')
    .description('keep the registry in step with this HANA from now on')
    .argument('<name>')
    .action((name: string) => connect(host(), name));
  command
    .command('disconnect')
    .description('keep the registry in step with no HANA any more')
    .action(() => disconnect(host()));
  return command;
}

async function add(host: Host, name: string, options: AddOptions): Promise<void> {
  const connection = connectionOf(name, options);
  const input = { connection, accept_licence: options.acceptLicence === true };
  const known = await askCore(host, (door) => door.call('hana.save', input));
  host.reporter.done({ connection: known }, [`${name} is kept. See what is there: lathe hana test ${name}`]);
}

function connectionOf(name: string, options: AddOptions): HanaConnection {
  const { database, schema, driver, caFile, certificateHost, connectTimeout, answerTimeout, artifactFolder } = options;
  const given = {
    ...{ name, host: options.host, port: Number(options.port), user: options.user, secret: options.secret, database, schema, driver },
    ...{ encrypt: options.encrypt, validate_certificate: options.validateCertificate, certificate_host: certificateHost },
    ca_file: caFile === undefined ? undefined : resolve(caFile),
    artifact_folder: artifactFolder === undefined ? undefined : resolve(artifactFolder),
    connect_timeout_seconds: connectTimeout === undefined ? undefined : Number(connectTimeout),
    answer_timeout_seconds: answerTimeout === undefined ? undefined : Number(answerTimeout),
  };
  const parsed = HanaConnection.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('INPUT_INVALID', { where: issue?.path.map(String).join('.') ?? 'connection', problem: issue?.message ?? 'is not right' });
}

async function list(host: Host): Promise<void> {
  const { connections } = await askCore(host, (door) => door.call('hana.connections', {}));
  host.reporter.done({ connections }, hanaTable(connections));
}

async function test(host: Host, name: string): Promise<void> {
  const report = await askCore(host, (door) => door.call('hana.test', { connection: name }));
  if (report.error !== null) throw fromWireError(report.error);
  host.reporter.done({ report }, hanaReportLines(report));
}

async function remove(host: Host, name: string): Promise<void> {
  await askCore(host, (door) => door.call('hana.remove', { connection: name }));
  host.reporter.done({ name }, [`${name} is forgotten; what is in HANA stays.`]);
}

async function connect(host: Host, name: string): Promise<void> {
  const known = await askCore(host, (door) => door.call('hana.connect', { connection: name }));
  host.reporter.done({ connection: known }, [`The registry is kept in step with ${name}: lathe sync shows how it stands.`]);
}

async function disconnect(host: Host): Promise<void> {
  await askCore(host, (door) => door.call('hana.disconnect', {}));
  host.reporter.done({}, ['The registry is kept in step with no HANA any more. Who is connected next is told everything.']);
}
