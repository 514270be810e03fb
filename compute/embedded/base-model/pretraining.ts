/** How the base model is trained: what of the corpus, and the trainer's settings. A change here makes other bits: run `npm run make:base-model` again. */
import { writeFileAtomically } from '../../formats/atomic-file.ts';
import { resolveTrainingConfig } from '../../../shared/domain/resolve-training-config.ts';
import type { TrainingRequest } from '../../../shared/domain/training-config.ts';
import { corpusJsonLines } from '../corpus/corpus.ts';

const rowsPerStep = 32;
export const pretrainingSteps = 3000;

const holdoutFraction = 0.005;
/** Enough that no row is seen twice: some documents are dropped since they came up before, some are held out. */
const documentsFor = (steps: number): number => Math.ceil(steps * rowsPerStep * 1.08) + rowsPerStep;

export async function writePretrainingCorpus(path: string, steps: number): Promise<void> {
  await writeFileAtomically(path, (sink) => {
    for (const line of corpusJsonLines(documentsFor(steps))) sink.write(Buffer.from(line));
  });
}

interface Pretraining {
  readonly model: string;
  readonly dataPath: string;
  readonly steps: number;
  readonly cores: number;
}

export function pretrainingRequest({ model, dataPath, steps, cores }: Pretraining): TrainingRequest {
  const input = {
    training: {
      mode: 'full',
      train_on: 'all',
      learning_rate: 3e-3,
      batch_size: rowsPerStep,
      gradient_accumulation: 1,
      max_epochs: 1,
      max_steps: steps,
      warmup_steps: Math.ceil(steps / 20),
      schedule: 'cosine',
      weight_decay: 0.01,
      max_seq_length: 256,
      eval_steps: 250,
      save_steps: 250,
    },
    data: { holdout_fraction: holdoutFraction },
  } as const;
  return resolveTrainingConfig(input, { model, dataPath, cores });
}
