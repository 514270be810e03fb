/** `lathe gate …`: the rules that a version must meet before it is approved, and how it stands against them. */
import { Command } from 'commander';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { GatesConfig, type GateRules } from '../../../shared/domain/gates-config.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { rulesLines, verdictLines } from '../output/gate-text.ts';
import { parseFlag } from '../options/parse-flag.ts';

interface RuleOptions {
  readonly config?: string;
  readonly minAccuracy?: number;
  readonly minGain?: number;
  readonly maxRegression?: number;
  readonly significance?: number;
  readonly benchmark?: string;
}

export function gateCommand(host: HostSource): Command {
  const command = new Command('gate').description('the rules that a version must meet before it is approved');
  command
    .command('show')
    .description('the rules that hold for a name')
    .argument('[name]', 'a model name (default: the rules of every name that has none of its own)')
    .action((name: string | undefined) => show(host(), name ?? null));
  ruleFlags(command.command('set'))
    .description('set the rules of a name, all of them at once')
    .argument('[name]', 'a model name (default: every name that has no rules of its own)')
    .option('--none', 'take the rules away')
    .action((name: string | undefined, options: RuleOptions & { none?: boolean }) => set(host(), name ?? null, options));
  ruleFlags(command.command('check'))
    .description('how a version stands: exit code 0 where it passes, 5 where it fails or cannot be judged')
    .argument('<name@version>', 'a number, a tag, or the latest: support@1.2.0, support@production, support')
    .action((text: string, options: RuleOptions) => check(host(), text, options));
  return command;
}

const number = (flag: string, schema: z.ZodType<number>) => (text: string) => parseFlag(flag, text, schema);
const { min_accuracy, min_gain, max_regression, significance } = GatesConfig.shape;

const ruleFlags = (command: Command): Command =>
  command
    .option('--config <file>', 'a YAML file with a gates block; flags win over it')
    .option('--benchmark <task>', 'by what accuracy and gain are measured')
    .option('--min-accuracy <share>', 'of the version itself, 0 to 1', number('--min-accuracy', min_accuracy))
    .option('--min-gain <share>', 'how much better than its base it has to be', number('--min-gain', min_gain))
    .option('--max-regression <share>', 'how much worse than its base it may be, on any benchmark', number('--max-regression', max_regression))
    .option('--significance <chance>', 'of being wrong that each rule takes (default: 0.05)', number('--significance', significance));

/** null: nothing was said. Throws USAGE for a file without the block. */
function rulesOf({ config, minAccuracy, minGain, maxRegression, significance: chance, benchmark }: RuleOptions): GateRules | null {
  const block = config === undefined ? {} : readConfigFile(resolve(config)).config.gates;
  if (block === undefined)
    throw new AppError('USAGE', { problem: `${config ?? ''} has no gates block`, hint: 'resources/config/deployment_config.yaml.example has one.' });
  const rules = {
    ...block,
    ...(minAccuracy === undefined ? {} : { min_accuracy: minAccuracy }),
    ...(minGain === undefined ? {} : { min_gain: minGain }),
    ...(maxRegression === undefined ? {} : { max_regression: maxRegression }),
    ...(chance === undefined ? {} : { significance: chance }),
    ...(benchmark === undefined ? {} : { benchmark }),
  };
  return Object.keys(rules).length === 0 ? null : rules;
}

async function show(host: Host, name: string | null): Promise<void> {
  const found = await askCore(host, (door) => door.call('gates.get', { name }));
  host.reporter.done(found, rulesLines(found, name));
}

async function set(host: Host, name: string | null, { none = false, ...options }: RuleOptions & { none?: boolean }): Promise<void> {
  const rules = rulesOf(options);
  if ((rules === null) !== none) {
    const problem = none ? '--none takes the rules away, and others were given' : 'No rules were given';
    throw new AppError('USAGE', { problem, hint: 'Give --config FILE or --min-accuracy, --min-gain, --max-regression, or --none alone.' });
  }
  const found = await askCore(host, (door) => door.call('gates.set', { name, gates: rules }));
  host.reporter.done(found, rulesLines(found, name));
}

async function check(host: Host, text: string, options: RuleOptions): Promise<void> {
  const rules = rulesOf(options);
  const found = await askCore(host, (door) => door.call('gates.evaluate', { ...parseVersionText(text), gates: rules }));
  const { name, version, verdict } = found;
  if (verdict === null) {
    host.reporter.done(found, [`No rules are set for ${name}, so its versions are approved without; \`lathe gate set\` sets some.`]);
    return;
  }
  if (verdict === 'pass') host.reporter.done(found, [`${name}@${version} passes its gate.`, ...verdictLines(found)]);
  else {
    host.reporter.part({ event: 'gate', ...found }, verdictLines(found));
    throw new AppError('GATE_NOT_PASSED', { name, version, verdict });
  }
}
