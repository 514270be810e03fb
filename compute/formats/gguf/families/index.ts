/** The table of GGUF families; a new one is a file beside this and a row here. */
import type { GgufFamily } from '../gguf-family.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { llama } from './llama.ts';

const families: readonly GgufFamily[] = [llama, gemma2, gemma3];
const byArchitecture = new Map(families.map((family) => [family.architecture, family]));

export const knownGgufArchitectures: string = families.map(({ architecture }) => architecture).join(', ');

export const ggufFamily = (architecture: string): GgufFamily | undefined => byArchitecture.get(architecture);

/** The family whose GGUF files hold models of this Hugging Face model_type. */
export const ggufFamilyOfModelType = (modelType: string): GgufFamily | undefined => families.find(({ modelTypes }) => modelTypes.includes(modelType));
