/** A model made ready to be trained: its parameters, its optimizer, its weights laid out as chosen. */
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import type { Parameter } from '../autograd/tape.ts';
import type { ModelSource } from '../formats/model-source.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { buildModel } from '../models/registry.ts';
import { attachMatrices } from '../models/attach-adapter.ts';
import { attachLora } from '../nn/lora.ts';
import type { AdapterTensors } from '../formats/adapters/adapter-tensors.ts';
import { openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { AdamW } from './adamw.ts';
import { trainingTypes } from '../tensor/engine-setup.ts';

export interface Trainee {
  readonly model: CausalModel;
  readonly parameters: readonly Parameter[];
  readonly optimizer: AdamW;
  /** What the run went on from; null: fresh matrices. */
  readonly initial: AdapterTensors | null;
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
  try {
    const initial = training.mode === 'lora' && lora.init_adapter !== null ? openAdapterFor(lora.init_adapter, source) : null;
    const fresh = (): readonly Parameter[] =>
      attachLora(model.linears, {
        rank: lora.rank,
        alpha: lora.alpha,
        useRslora: lora.use_rslora,
        useDora: lora.use_dora,
        targetModules: lora.target_modules,
        seed: training.seed,
      });
    const adapter = (): readonly Parameter[] => (initial === null ? fresh() : attachMatrices(model, initial, lora.init_adapter ?? ''));
    const parameters = training.mode === 'full' ? model.weights.parameters : adapter();
    if (choices.panels === 'packed') packWeights(model, choices.precision);
    const { beta1, beta2, epsilon, weight_decay: weightDecay } = training;
    const optimizer = new AdamW(parameters, { beta1, beta2, epsilon, weightDecay, rateRatio: lora.loraplus_lr_ratio });
    const dispose = (): void => {
      optimizer.dispose();
      model.dispose();
    };
    return { model, parameters, optimizer, initial, dispose };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Frozen weights into cache-sized panels. The backward pass ends at the lowest adapted layer, so those below need the forward ones only. */
function packWeights(model: CausalModel, precision: RunChoices['precision']): void {
  const { dtype: inputType, products } = trainingTypes(precision);
  const as = { inputType, products };
  const lowest = model.linears.findIndex(({ adapter }) => adapter !== null);
  model.linears.forEach(({ weight }, index) => {
    weight.pack(as, { forward: true, backward: lowest >= 0 && index >= lowest });
    model.weights.dropPages(); // at once, or the file and its panels would be in memory together
  });
  model.head.pack(as, { forward: true, backward: true });
  model.weights.dropPages();
}
