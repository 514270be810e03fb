/** `lathe benchmark`: scores of models on benchmark tasks. One file a subcommand. */
import { Command } from 'commander';
import type { HostSource } from '../host-source.ts';
import { benchmarkCompareCommand } from './benchmark-compare.ts';
import { benchmarkItemsCommand } from './benchmark-items.ts';
import { benchmarkRunCommand } from './benchmark-run.ts';
import { benchmarkListCommand, benchmarkResultsCommand } from './benchmark-results.ts';
import { benchmarkRemoveCommand, benchmarkStopCommand } from './benchmark-stop.ts';
import { benchmarkTasksCommand } from './benchmark-tasks.ts';

const subcommands = [
  benchmarkRunCommand,
  benchmarkTasksCommand,
  benchmarkListCommand,
  benchmarkResultsCommand,
  benchmarkCompareCommand,
  benchmarkItemsCommand,
  benchmarkStopCommand,
  benchmarkRemoveCommand,
];

export function benchmarkCommand(host: HostSource): Command {
  const command = new Command('benchmark').description('scores of models on benchmark tasks');
  for (const create of subcommands) command.addCommand(create(host));
  return command;
}
