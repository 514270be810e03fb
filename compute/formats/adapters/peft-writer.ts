/** Writes an adapter as a PEFT folder. The same adapter gives the same bytes. */
import { join } from 'node:path';
import { writeFolderAtomically, writeWholeFileAtomically } from '../atomic-file.ts';
import { writeSafetensors } from '../safetensors/safetensors-writer.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { sortedModules, type AdapterTensors } from './adapter-tensors.ts';
import { peftConfigText } from './peft-config.ts';
import type { ModelSource } from '../model-source.ts';
import { rotaryHeads, withRopeLayout, type RotaryHeads } from './rotary-rows.ts';

export const peftConfigName = 'adapter_config.json';
export const peftWeightsName = 'adapter_model.safetensors';
export const peftPrefix = 'base_model.model.';

/** What the writer must know of the base. */
export interface PeftBase extends RotaryHeads {
  /** What PEFT calls `model.` there, if not so. */
  readonly textPrefix?: string;
}

export const peftBase = ({ config, textPrefix }: Pick<ModelSource, 'config' | 'textPrefix'>): PeftBase => ({
  ...rotaryHeads(config),
  ...(textPrefix === undefined ? {} : { textPrefix }),
});

/** PEFT adapters are for Hugging Face bases, so q's and k's rows are brought into their order. */
export async function writePeftAdapter(path: string, adapter: AdapterTensors, base: PeftBase): Promise<void> {
  const { textPrefix } = base;
  const renamed = textPrefix === undefined ? adapter : { ...adapter, matrices: inWhole(adapter.matrices, textPrefix) };
  const { matrices } = withRopeLayout(renamed, 'half', base);
  const tensors = sortedModules(matrices).flatMap(([module, { a, b, rank, inFeatures, outFeatures, magnitude }]) => [
    float32Tensor(`${peftPrefix}${module}.lora_A.weight`, [rank, inFeatures], a),
    float32Tensor(`${peftPrefix}${module}.lora_B.weight`, [outFeatures, rank], b),
    ...(magnitude === undefined ? [] : [float32Tensor(`${peftPrefix}${module}.lora_magnitude_vector`, [outFeatures], magnitude)]),
  ]);
  await writeFolderAtomically(path, async (folder) => {
    await writeSafetensors(join(folder, peftWeightsName), tensors, { format: 'pt' });
    await writeWholeFileAtomically(join(folder, peftConfigName), peftConfigText(renamed, textPrefix));
  });
}

const inWhole = (matrices: AdapterTensors['matrices'], textPrefix: string): AdapterTensors['matrices'] =>
  new Map([...matrices].map(([module, each]) => [module.replace(/^model\./, textPrefix), each]));
