/** The command line: finds the command, and turns whatever goes wrong into one line and an exit code. */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { AppError } from '../../shared/errors/app-error.ts';
import { exitCodes } from '../../shared/errors/error-row.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import { projectFiles } from '../platform/project-files.ts';
import { createHost, type Host } from './host.ts';
import type { HostSource } from './host-source.ts';

type CreateCommand = (host: HostSource) => Command;

/** In the order of the help. Each is read when it is asked for. */
const commands: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  train: async () => (await import('./commands/train.ts')).trainCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  benchmark: async () => (await import('./commands/benchmark.ts')).benchmarkCommand,
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  generate: async () => (await import('./commands/generate.ts')).generateCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  registry: async () => (await import('./commands/registry.ts')).registryCommand,
  gate: async () => (await import('./commands/gate.ts')).gateCommand,
  deploy: async () => (await import('./commands/deploy.ts')).deployCommand,
  deployment: async () => (await import('./commands/deployment.ts')).deploymentCommand,
  target: async () => (await import('./commands/target.ts')).targetCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  proxy: async () => (await import('./commands/proxy.ts')).proxyCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  settings: async () => (await import('./commands/settings.ts')).settingsCommand,
  model: async () => (await import('./commands/shelf.ts')).modelCommand,
  dataset: async () => (await import('./commands/shelf.ts')).datasetCommand,
  secret: async () => (await import('./commands/secret.ts')).secretCommand,
  hana: async () => (await import('./commands/hana.ts')).hanaCommand,
  sync: async () => (await import('./commands/sync.ts')).syncCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  repair: async () => (await import('./commands/repair.ts')).repairCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
};

/** The command that the arguments begin with; all of them for help and for a name that is none. */
async function commandsFor([first = '']: readonly string[]): Promise<readonly CreateCommand[]> {
  const one = Object.hasOwn(commands, first) ? commands[first] : undefined;
  return one === undefined ? Promise.all(Object.values(commands).map((load) => load())) : [await one()];
}

/** Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  let host: Host | undefined;
  const program = createProgram(await commandsFor(args), () => (host ??= createHost({ json })));
  if (args.length === 0) return showHelp(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (thrown) {
    // Help that was asked for, or (exit code 1) shown because a subcommand is missing.
    if (thrown instanceof CommanderError && (thrown.exitCode === 0 || thrown.code === 'commander.help'))
      return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return report(thrown instanceof CommanderError ? usageError(thrown, commandIn(program, args)) : thrown, { json, host });
  }
}

function createProgram(creators: readonly CreateCommand[], host: HostSource): Command {
  const program = new Command('lathe')
    .description("Fine-tune small language models with LoRA on a laptop's CPU, offline, with honest numbers.")
    .version(version())
    .showSuggestionAfterError();
  for (const create of creators) program.addCommand(create(host));
  prepare(program);
  return program;
}

/** Every command throws instead of ending the process, writes no error text of its own, and knows --json. */
function prepare(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined, getOutHelpWidth: () => 120 });
  if (command.commands.length === 0) command.option('--json', 'one JSON object a line on standard output, and nothing else there');
  command.commands.forEach(prepare);
}

const version = (): string => (JSON.parse(readFileSync(projectFiles.packageJson, 'utf8')) as { version: string }).version;

function showHelp(program: Command): number {
  program.outputHelp();
  return exitCodes.done;
}

/** Commander's "error: …\n(Did you mean …?)" as our one line. */
function usageError(error: CommanderError, command: string): AppError {
  const [first = '', ...rest] = error.message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .split('\n');
  const suggestion = /\((Did you mean .*)\)/.exec(rest.join(' '))?.[1];
  return new AppError('USAGE', { problem: `${first.charAt(0).toUpperCase()}${first.slice(1)}`, hint: suggestion ?? `See \`${command} --help\`.` });
}

/** The command whose help tells of these arguments: `lathe registry approve`. */
function commandIn(program: Command, args: readonly string[]): string {
  const names = [program.name()];
  let command: Command | undefined = program;
  for (const arg of args) {
    command = command.commands.find((each) => each.name() === arg);
    if (command === undefined) break;
    names.push(arg);
  }
  return names.join(' ');
}

/** A bug is shown with the log it is written to. */
function withLog(error: AppError, host: Host | undefined): AppError {
  if (error.code !== 'INTERNAL' || host === undefined) return error;
  const message = 'message' in error.facts ? error.facts.message : error.message;
  return new AppError('INTERNAL', { message, log: host.logFile.path() }, { cause: error });
}

function report(thrown: unknown, { json, host }: { json: boolean; host: Host | undefined }): number {
  host?.reporter.close();
  const error = withLog(toAppError(thrown), host);
  if (error.code === 'INTERNAL') {
    host?.logFile.log.error('the command failed', { problem: error.message, stack: thrown instanceof Error ? (thrown.stack ?? '') : '' });
  } else host?.logFile.log.info('the command ended with an error', { code: error.code, problem: error.message });
  const line = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');
  const [message, remedy] = [line(error.message), line(error.remedy)];
  if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code: error.code, message, remedy })}\n`);
  process.stderr.write(`lathe: ${message}. ${remedy}\n`);
  return error.exitCode;
}
