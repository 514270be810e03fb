/** Which family builds which architecture. A new family is one file and one row here. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { ModelSource } from '../formats/model-source.ts';
import type { CausalModel } from './causal-model.ts';
import { gemma2, gemma3, vaultgemma } from './gemma.ts';
import { granite } from './granite.ts';
import { graniteHybrid } from './granite-hybrid.ts';
import { llama, mistral } from './llama.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';
import { smollm3 } from './smollm3.ts';
import { WeightLoader, type TrainingMode } from './weight-loader.ts';

/** Hugging Face's model_type → builder. SmolLM2 and Llama say `llama`. */
export const families = {
  llama,
  mistral,
  qwen2,
  qwen3,
  smollm3,
  granite,
  granitemoehybrid: graniteHybrid,
  phi3,
  gemma2,
  gemma3_text: gemma3,
  vaultgemma,
} as const satisfies Record<string, (weights: WeightLoader) => CausalModel>;

const isKnown = (architecture: string): architecture is keyof typeof families => Object.hasOwn(families, architecture);

/** Throws ARCHITECTURE_UNSUPPORTED, naming the families there are. */
export function buildModel(source: ModelSource, mode: TrainingMode): CausalModel {
  const { architecture } = source;
  if (!isKnown(architecture)) throw new AppError('ARCHITECTURE_UNSUPPORTED', { path: source.path, architecture, known: Object.keys(families).join(', ') });
  const weights = new WeightLoader(source, mode);
  try {
    return families[architecture](weights);
  } catch (error) {
    weights.dispose();
    throw error;
  }
}
