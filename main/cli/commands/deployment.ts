/** `lathe deployment …`: how deployments stand, what they wait for, and the way back. */
import { Command, Option } from 'commander';
import { deploymentIsActive, deploymentStates, type DeploymentState } from '../../../shared/domain/deployment.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import { followDeployment } from '../follow-deployment.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { deploymentLines, deploymentTable, historyOf } from '../output/deployment-text.ts';

const reference = ['<deployment>', 'its id'] as const;

export function deploymentCommand(host: HostSource): Command {
  const command = new Command('deployment').description('deployments: list, look, go on, hold, take back, and what answered when');
  const add = (name: string, text: string): Command => {
    const sub = new Command(name).description(text);
    command.addCommand(sub);
    return sub;
  };
  add('list', 'the newest first')
    .option('--target <target>', 'of this target')
    .addOption(new Option('--state <state>', 'in this state').choices(deploymentStates))
    .action((options: { target?: string; state?: DeploymentState }) => list(host(), options));
  add('status', 'its steps, and what it waits for')
    .argument(...reference)
    .option('--watch', 'until it ends or waits')
    .action((id: string, options: { watch?: boolean }) => status(host(), id, options.watch === true));
  add('confirm', 'let one that waits go on')
    .argument(...reference)
    .option('--yes', 'answer further questions with yes')
    .action((id: string, options: { yes?: boolean }) => confirm(host(), id, options.yes === true));
  add('pause', 'hold it before its next step')
    .argument(...reference)
    .action((id: string) => pause(host(), id));
  add('rollback', 'the version before answers again; also of one that is done')
    .argument(...reference)
    .requiredOption('--reason <text>', 'why; kept with who and when')
    .action((id: string, { reason }: { reason: string }) => rollback(host(), id, reason));
  add('abandon', 'end it where it stands, for a server that is gone for good')
    .argument(...reference)
    .requiredOption('--reason <text>', 'why; kept with who and when')
    .action((id: string, { reason }: { reason: string }) => abandon(host(), id, reason));
  add('history', 'what answered, and when')
    .option('--target <target>', 'at this target')
    .option('--alias <name>', 'under this name')
    .option('--at <time>', 'what answered then, as 2026-03-03 or 2026-03-03T10:00:00Z')
    .action((options: { target?: string; alias?: string; at?: string }) => history(host(), options));
  return command;
}

async function list(host: Host, { target, state }: { target?: string; state?: DeploymentState }): Promise<void> {
  const filter = { target: target ?? null, state: state === undefined ? null : [state] };
  const { deployments } = await askCore(host, (door) => door.call('deployments.list', filter));
  host.reporter.done({ deployments }, deploymentTable(deployments));
}

async function status(host: Host, id: string, isWatched: boolean): Promise<void> {
  const deployment = await askCore(host, (door) => door.call('deployments.get', { deployment: id }));
  if (!isWatched || !deploymentIsActive(deployment.state)) host.reporter.done({ deployment }, deploymentLines(deployment));
  else await askCore(host, (door) => followDeployment(host, door, deployment, { yes: false }));
}

const confirm = (host: Host, id: string, yes: boolean): Promise<void> =>
  askCore(host, async (door) => followDeployment(host, door, await door.call('deployments.confirm', { deployment: id }), { yes }), 'training');

async function pause(host: Host, id: string): Promise<void> {
  const deployment = await askCore(host, (door) => door.call('deployments.pause', { deployment: id }));
  host.reporter.done({ deployment }, deploymentLines(deployment));
}

const rollback = (host: Host, id: string, reason: string): Promise<void> =>
  askCore(host, async (door) => followDeployment(host, door, await door.call('deployments.rollback', { deployment: id, reason }), { yes: false }), 'training');

async function abandon(host: Host, id: string, reason: string): Promise<void> {
  const deployment = await askCore(host, (door) => door.call('deployments.abandon', { deployment: id, reason }));
  host.reporter.done({ deployment }, deploymentLines(deployment));
}

async function history(host: Host, { target, alias, at }: { target?: string; alias?: string; at?: string }): Promise<void> {
  const filter = { target: target ?? null, alias: alias ?? null, at: at === undefined ? null : momentOf(at) };
  const { servings } = await askCore(host, (door) => door.call('deployments.history', filter));
  host.reporter.done({ servings }, historyOf(servings));
}

function momentOf(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new AppError('USAGE', { problem: `--at ${text} is no time`, hint: 'Write it as 2026-03-03 or 2026-03-03T10:00:00Z.' });
  return time.toISOString();
}
