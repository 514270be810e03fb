/** `lathe settings list|get|set|unset`: how this LATHE_HOME behaves. */
import { Command } from 'commander';
import type { Setting } from '../../../shared/contracts/setting-calls.ts';
import { SettingName, settingNames, settingRows } from '../../../shared/domain/settings.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { table } from '../output/table.ts';

export function settingsCommand(host: HostSource): Command {
  const command = new Command('settings').description('how this LATHE_HOME behaves');
  command
    .command('list')
    .description('all settings')
    .action(() => list(host()));
  command
    .command('get')
    .description('one setting')
    .argument('<name>', settingNames.join(', '))
    .action((name: string) => get(host(), name));
  command
    .command('set')
    .description('set one')
    .argument('<name>')
    .argument('<value>')
    .action((name: string, value: string) => {
      const known = nameOf(name);
      return set(host(), known, parseFlag(name, value, settingRows[known].schema) as Setting['value']);
    });
  command
    .command('unset')
    .description('as if nobody had set it')
    .argument('<name>')
    .action((name: string) => set(host(), nameOf(name), null));
  return command;
}

/** Throws USAGE. */
function nameOf(text: string): SettingName {
  const name = SettingName.safeParse(text);
  if (!name.success) throw new AppError('USAGE', { problem: `There is no setting ${text}`, hint: `There are: ${settingNames.join(', ')}.` });
  return name.data;
}

async function list(host: Host): Promise<void> {
  const { settings, values } = await askCore(host, (door) => door.call('settings.list', {}));
  const rows = settings.map(({ name, value, does, set_at }) => [name, String(value), set_at === null ? 'default' : 'set', does]);
  host.reporter.done({ settings, values }, table([['setting', 'value', 'by', 'what it does'], ...rows]));
}

async function get(host: Host, text: string): Promise<void> {
  const name = nameOf(text);
  const { settings } = await askCore(host, (door) => door.call('settings.list', {}));
  const found = settings.find((each) => each.name === name);
  host.reporter.done({ ...found }, [String(found?.value)]);
}

async function set(host: Host, name: SettingName, value: Setting['value'] | null): Promise<void> {
  const setting = await askCore(host, (door) => door.call('settings.set', { name, value }));
  host.reporter.done(setting, [`${name} is ${String(setting.value)}${setting.set_at === null ? ', the default' : ''}.`]);
}
