/** A model made ready to be trained: its parameters, its optimizer, its weights laid out as chosen. */
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import type { Parameter } from '../autograd/tape.ts';
import type { ModelSource } from '../formats/model-source.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { buildModel } from '../models/registry.ts';
import { attachLora } from '../nn/lora.ts';
import { AdamW } from './adamw.ts';
import { activationType } from '../tensor/engine-setup.ts';

export interface Trainee {
  readonly model: CausalModel;
  readonly parameters: readonly Parameter[];
  readonly optimizer: AdamW;
  dispose(): void;
}

/** Throws TARGET_UNKNOWN, MODEL_INVALID, ARCHITECTURE_UNSUPPORTED, ARENA_FULL. */
export function makeTrainee(
  source: ModelSource,
  config: Pick<ResolvedTrainingConfig, 'lora' | 'training'>,
  choices: Pick<RunChoices, 'precision' | 'panels'>,
): Trainee {
  const { lora, training } = config;
  const model = buildModel(source, training.mode);
  const adapter = { rank: lora.rank, alpha: lora.alpha, useRslora: lora.use_rslora, targetModules: lora.target_modules, seed: training.seed };
  try {
    const parameters = training.mode === 'full' ? model.weights.parameters : attachLora(model.linears, adapter);
    if (choices.panels === 'packed') packWeights(model, choices.precision);
    const optimizer = new AdamW(parameters, { beta1: training.beta1, beta2: training.beta2, epsilon: training.epsilon, weightDecay: training.weight_decay });
    const dispose = (): void => {
      optimizer.dispose();
      model.dispose();
    };
    return { model, parameters, optimizer, dispose };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Frozen weights into cache-sized panels. The backward pass ends at the lowest adapted layer, so those below need the forward ones only. */
function packWeights(model: CausalModel, precision: RunChoices['precision']): void {
  const inputType = activationType(precision);
  const lowest = model.linears.findIndex(({ adapter }) => adapter !== null);
  model.linears.forEach(({ weight }, index) => {
    weight.pack(inputType, { forward: true, backward: lowest >= 0 && index >= lowest });
    model.weights.dropPages(); // at once, or the file and its panels would be in memory together
  });
  model.head.pack(inputType, { forward: true, backward: true });
  model.weights.dropPages();
}
