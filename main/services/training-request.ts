/** From what a user wrote to a training request: files found, every value set. The command line, the window and REST go through here. */
import { availableParallelism } from 'node:os';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import type { TrainingConfigInput, TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Shelves } from './shelves.ts';

/** Throws INPUT_INVALID where model or data are missing, FILE_MISSING. */
export function resolveRequest(input: TrainingConfigInput, shelves: Shelves): TrainingRequest {
  const found = findFiles(input, shelves);
  const model = required(found.model, 'model');
  const dataPath = required(found.data?.path, 'data.path');
  return resolveTrainingConfig(found, { model, dataPath, cores: availableParallelism() });
}

function required(value: string | undefined, where: string): string {
  if (value === undefined) throw new AppError('INPUT_INVALID', { where, problem: 'it is missing' });
  return value;
}

/** Every file and name that the configuration names, found and made absolute. Throws FILE_MISSING. */
export function findFiles(input: TrainingConfigInput, shelves: Shelves): TrainingConfigInput {
  const { model, lora, data } = input;
  const initial = lora?.init_adapter ?? null;
  return {
    ...input,
    ...(model === undefined ? {} : { model: shelves.model(model) }),
    ...(initial === null ? {} : { lora: { ...lora, init_adapter: shelves.adapter(initial) } }),
    ...(data === undefined ? {} : { data: findRows(data, shelves) }),
  };
}

type RowsInput = NonNullable<TrainingConfigInput['data']>;

function findRows(data: RowsInput, shelves: Shelves): RowsInput {
  const { path, eval_path: evalPath = null, chat_template: template = null } = data;
  return {
    ...data,
    ...(path === undefined ? {} : { path: shelves.dataset(path) }),
    ...(evalPath === null ? {} : { eval_path: shelves.dataset(evalPath) }),
    ...(template === null ? {} : { chat_template: shelves.file('Chat template', template) }),
  };
}
