/** Which trained tensors learn at which rate and which decay: the optimizer's groups, as PEFT and transformers make them. */
import type { OptimizerGroup } from '../../shared/domain/optimizer-group.ts';
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { Parameter } from '../autograd/tape.ts';

export interface ParameterRule {
  readonly group: string;
  /** Learns at `loraplus_lr_ratio` times the rate (Hayou et al. 2024): B, and the magnitude with it. */
  readonly isFaster: boolean;
  readonly decays: boolean;
}

/** By the end of the parameter's name. */
const adapterRules: Readonly<Record<string, ParameterRule>> = {
  lora_A: { group: 'lora_A', isFaster: false, decays: true },
  lora_B: { group: 'lora_B', isFaster: true, decays: true },
  lora_magnitude_vector: { group: 'lora_magnitude_vector', isFaster: true, decays: true },
};
/** Norms' and other vectors' weights do not decay. */
const [matrices, vectors]: readonly [ParameterRule, ParameterRule] = [
  { group: 'matrices', isFaster: false, decays: true },
  { group: 'vectors', isFaster: false, decays: false },
];

export const ruleOf = ({ name, value }: Pick<Parameter, 'name' | 'value'>): ParameterRule =>
  adapterRules[name.slice(name.lastIndexOf('.') + 1)] ?? (value.shape.length > 1 ? matrices : vectors);

/** The groups of a run with their rates at the top of the schedule. */
export function optimizerGroups({ lora, training }: Pick<ResolvedTrainingConfig, 'lora' | 'training'>): OptimizerGroup[] {
  const rules =
    training.mode === 'full' ? [matrices, vectors] : Object.values(adapterRules).filter(({ group }) => lora.use_dora || group !== 'lora_magnitude_vector');
  return rules.map(({ group, isFaster, decays }) => ({
    group,
    learning_rate: training.learning_rate * (isFaster ? lora.loraplus_lr_ratio : 1),
    weight_decay: decays ? training.weight_decay : 0,
  }));
}
