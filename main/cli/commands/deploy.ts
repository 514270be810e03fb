/** `lathe deploy`: brings a version to a target, and shows how it gets there. */
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { InputOf } from '../../../shared/contracts/calls.ts';
import { strategies, type Strategy } from '../../../shared/domain/deployment-config.ts';
import { environments, type DeploymentEnvironment } from '../../../shared/domain/target.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import { followDeployment } from '../follow-deployment.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { planLines } from '../output/deployment-text.ts';

interface DeployOptions {
  readonly model?: string;
  readonly modelPath?: string;
  readonly environment?: DeploymentEnvironment;
  readonly target?: string;
  readonly alias?: string;
  readonly strategy?: Strategy;
  readonly config?: string;
  readonly plan?: boolean;
  readonly detach?: boolean;
  readonly yes?: boolean;
}

export function deployCommand(host: HostSource): Command {
  return new Command('deploy')
    .description('bring a version to a server, prove it there, lead the traffic to it, and take it back where it does badly')
    .option('--model <name@version>', 'a version: a number or a tag')
    .option('--model-path <path>', "an adapter's folder or GGUF file; it becomes a draft version first")
    .addOption(new Option('--environment <environment>', 'where to, if there is one target of it').choices(environments))
    .option('--target <target>', 'where to, by name')
    .option('--alias <name>', "the public name (default: the model's)")
    .addOption(new Option('--strategy <strategy>', 'how the traffic moves').choices(strategies))
    .option('--config <file>', 'with the deployment block')
    .option('--plan', 'only show what would be done')
    .option('--detach', 'leave it to a host in the background')
    .option('--yes', 'answer every question with yes')
    .action((options: DeployOptions) => deploy(host(), options));
}

async function deploy(host: Host, options: DeployOptions): Promise<void> {
  const request = requestOf(options);
  if (options.plan === true) {
    const plan = await askCore(host, (door) => door.call('deployments.plan', request));
    host.reporter.done({ plan }, planLines(plan));
    return;
  }
  if (options.detach === true) {
    const door = await host.openLastingDoor();
    try {
      const { deployment } = await door.call('deployments.start', request);
      host.reporter.done({ deployment }, [`${deployment} goes on in the background: lathe deployment status ${deployment}`]);
    } finally {
      await door.close();
    }
    return;
  }
  const follow = async (door: Parameters<Parameters<typeof askCore>[1]>[0]): Promise<void> =>
    followDeployment(host, door, await door.call('deployments.start', request), { yes: options.yes === true });
  await askCore(host, follow, 'training');
}

function requestOf({ model, modelPath, environment, target, alias, strategy, config }: DeployOptions): InputOf<'deployments.start'> {
  if ((model === undefined) === (modelPath === undefined))
    throw new AppError('USAGE', { problem: 'Name one of --model and --model-path', hint: 'See `lathe deploy --help`.' });
  if (environment === undefined && target === undefined)
    throw new AppError('USAGE', { problem: 'Where to is not said', hint: 'Name --environment or --target.' });
  const block = config === undefined ? {} : (readConfigFile(config).config.deployment ?? {});
  return {
    model: model ?? resolve(modelPath ?? ''),
    environment: environment ?? null,
    target: target ?? null,
    alias: alias ?? null,
    config: { ...block, ...(strategy === undefined ? {} : { strategy }) },
  };
}
