/** The settings of a deployment as they are written in a form, and what is wrong with them. Pure. */
import { DeploymentConfig, GoldenPrompt, deploymentDefaults, type Strategy } from '../../../shared/domain/deployment-config.ts';
import { texts } from '../../texts/texts.ts';

export type Setting = Exclude<keyof DeploymentConfig, 'strategy' | 'golden_prompts'>;
export type SettingValue = string | number | boolean;

export interface GoldenDraft {
  readonly prompt: string;
  /** With commas between. */
  readonly contains: string;
}

export interface ConfigDraft {
  readonly strategy: Strategy;
  readonly values: Readonly<Record<Setting, SettingValue>>;
  readonly golden: readonly GoldenDraft[];
}

export type SettingGroup = keyof typeof texts.deploy.request.groups;
export const settingGroups: Readonly<Record<SettingGroup, readonly Setting[]>> = {
  traffic: ['traffic_shift', 'canary_steps', 'step_pause', 'confirm_steps', 'keep_previous', 'max_instances'],
  validation: ['validation_enabled', 'validation_timeout', 'min_accuracy', 'max_latency', 'max_error_rate'],
  safety: ['auto_rollback', 'rollback_timeout', 'health_check_interval', 'health_check_failures'],
};

/** Others do nothing under this strategy, or may have one value alone. */
export const isUsed = (setting: Setting, strategy: Strategy): boolean => {
  if (setting === 'canary_steps') return strategy === 'canary';
  if (setting === 'traffic_shift') return strategy !== 'recreate';
  return true;
};

const asWritten = (value: DeploymentConfig[Setting]): SettingValue => (Array.isArray(value) ? value.join(', ') : value);

export const draftOf = (config: DeploymentConfig = deploymentDefaults): ConfigDraft => {
  const { strategy, golden_prompts: golden, ...settings } = config;
  const values = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, asWritten(value)])) as Record<Setting, SettingValue>;
  return { strategy, values, golden: golden.map(({ prompt, contains }) => ({ prompt, contains: contains.join(', ') })) };
};

export interface ReadConfig {
  /** What differs from what is delivered; null: something is wrong. */
  readonly config: Partial<DeploymentConfig> | null;
  readonly problems: Partial<Readonly<Record<Setting, string>>>;
  /** By index. */
  readonly goldenProblems: readonly (string | null)[];
}

export function readDraft({ strategy, values, golden }: ConfigDraft): ReadConfig {
  const problems: Partial<Record<Setting, string>> = {};
  const changed: Record<string, unknown> = strategy === deploymentDefaults.strategy ? {} : { strategy };
  for (const setting of Object.keys(values) as Setting[]) {
    if (!isUsed(setting, strategy)) continue;
    const parsed = DeploymentConfig.shape[setting].safeParse(asRead(setting, values[setting]));
    if (!parsed.success) problems[setting] = problemOf(setting, values[setting], parsed.error.issues[0]?.message);
    else if (JSON.stringify(parsed.data) !== JSON.stringify(deploymentDefaults[setting])) changed[setting] = parsed.data;
  }
  const prompts = golden.map(({ prompt, contains }) => GoldenPrompt.safeParse({ prompt: prompt.trim(), contains: listed(contains) }));
  const goldenProblems = prompts.map(({ success }) => (success ? null : texts.deploy.request.goldenMissing));
  if (prompts.length > 0) changed['golden_prompts'] = prompts.flatMap(({ data }) => data ?? []);
  const isWrong = Object.keys(problems).length > 0 || goldenProblems.some((problem) => problem !== null);
  return { config: isWrong ? null : changed, problems, goldenProblems };
}

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const asRead = (setting: Setting, value: SettingValue): unknown => {
  if (typeof value !== 'string') return value;
  return setting === 'canary_steps' ? listed(value).map(Number) : value.trim();
};

function problemOf(setting: Setting, value: SettingValue, message = ''): string {
  if (setting === 'canary_steps') return texts.deploy.request.steps;
  if (typeof value === 'number' && Number.isNaN(value)) return texts.deploy.request.number;
  return message.startsWith('must') ? texts.fields.must(message) : message;
}

/** Settings that stand otherwise than as delivered. */
export const changedCount = (config: Partial<DeploymentConfig> | null): number =>
  config === null ? 0 : Object.keys(config).filter((name) => name !== 'strategy').length;
