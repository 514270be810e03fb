/** Reads the settings out of the sentence that says what would fit. */
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { withValue, type ConfigPath } from './config-path.ts';

export interface Setting {
  readonly path: ConfigPath;
  readonly value: string | number;
}

const fields: readonly { readonly pattern: RegExp; readonly path: ConfigPath; readonly read: (text: string) => string | number }[] = [
  { pattern: /--batch-size (\d+)/, path: 'training.batch_size', read: Number },
  { pattern: /--max-seq-length (\d+)/, path: 'training.max_seq_length', read: Number },
  { pattern: /--gradient-checkpointing (\w+)/, path: 'training.gradient_checkpointing', read: String },
];
const pool = { pattern: /raise --memory-pool-size to (\d+)/, path: 'cpu_optimization.memory_pool_size', read: Number };

/** Empty where it names none that helps by itself. */
export function settingsThatFit(sentence: string): readonly Setting[] {
  // A pool that is raised is large enough for these settings, not for those before.
  const among = sentence.startsWith('With ') ? fields : pool.pattern.test(sentence) ? [...fields, pool] : [];
  return among.flatMap(({ pattern, path, read }) => {
    const text = pattern.exec(sentence)?.[1];
    return text === undefined ? [] : [{ path, value: read(text) }];
  });
}

export const withSettings = (config: TrainingConfigInput, settings: readonly Setting[]): TrainingConfigInput =>
  settings.reduce((before, { path, value }) => withValue(before, path, value), config);
