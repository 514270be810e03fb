/** What somebody wrote to get a run, taken back out of the run: the keys that were given, without the defaults. */
import type { TrainingConfigInput, TrainingRequest } from '../../../shared/domain/training-config.ts';
import { valueAt, withValue } from './config-path.ts';

export function inputOfRun({ config, explicit }: TrainingRequest): TrainingConfigInput {
  // Model and rows are always given, in one way or another.
  const paths = [...new Set(['model', 'data.path', ...explicit])];
  return paths.reduce<TrainingConfigInput>((before, path) => withValue(before, path, valueAt(config, path)), {});
}
