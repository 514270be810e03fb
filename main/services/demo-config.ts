/** The demo that comes with Lathe: its name, and its configuration as it can be started. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { TrainingConfigInput } from '../../shared/domain/training-config.ts';
import { projectFiles } from '../platform/project-files.ts';

/** The name under which its versions stand in the registry. */
export const demoName = 'lathe-demo';

/** With absolute paths. */
export function demoConfig(): TrainingConfigInput {
  const config = TrainingConfigInput.parse(parse(readFileSync(projectFiles.demoConfig, 'utf8')));
  return { ...config, model: projectFiles.embeddedModel, data: { ...config.data, path: projectFiles.demoTrain } };
}
