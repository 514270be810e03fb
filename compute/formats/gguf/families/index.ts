/** The table of GGUF families; a new one is a file beside this and a row here. */
import type { GgufFamily } from '../gguf-family.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { granite } from './granite.ts';
import { graniteHybrid } from './granite-hybrid.ts';
import { llama } from './llama.ts';
import { phi3 } from './phi3.ts';
import { qwen2, qwen3 } from './qwen.ts';
import { smollm3 } from './smollm3.ts';

const families: readonly GgufFamily[] = [llama, qwen2, qwen3, smollm3, granite, graniteHybrid, gemma2, gemma3, phi3];
const byArchitecture = new Map(families.map((family) => [family.architecture, family]));

export const knownGgufArchitectures: string = families.map(({ architecture }) => architecture).join(', ');

export const ggufFamily = (architecture: string): GgufFamily | undefined => byArchitecture.get(architecture);

/** The family whose GGUF files hold models of this normalised config. */
export const ggufFamilyOf = (config: Readonly<Record<string, unknown>>): GgufFamily | undefined =>
  families.find((family) => family.modelTypes.includes(String(config['model_type'])) && family.holds?.(config) !== false);
