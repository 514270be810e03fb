/** A configuration as it is written, read and changed key by key. A key that is not there has its default. */
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';

/** `model`, or a key of a block: `training.learning_rate`. */
export type ConfigPath = string;

type Block = Readonly<Record<string, unknown>>;

export function valueAt(config: TrainingConfigInput, path: ConfigPath): unknown {
  const [block = '', key] = path.split('.');
  const value = (config as Block)[block];
  return key === undefined ? value : (value as Block | undefined)?.[key];
}

/** undefined takes the key away, and its block with the last one. What the value is worth is for the schema to say. */
export function withValue(config: TrainingConfigInput, path: ConfigPath, value: unknown): TrainingConfigInput {
  const [block = '', key] = path.split('.');
  const { [block]: before, ...others } = config as Block;
  const inner = key === undefined ? value : withKey(before as Block | undefined, key, value);
  const isGone = inner === undefined || (key !== undefined && Object.keys(inner as Block).length === 0);
  return isGone ? others : { ...config, [block]: inner };
}

function withKey(block: Block | undefined, key: string, value: unknown): Block {
  const { [key]: _, ...others } = block ?? {};
  return value === undefined ? others : { ...block, [key]: value };
}

/** What is written, as dotted paths. */
export const writtenPaths = (config: TrainingConfigInput): readonly ConfigPath[] =>
  Object.entries(config).flatMap(([block, value]) => (typeof value === 'object' ? Object.keys(value).map((key) => `${block}.${key}`) : [block]));
