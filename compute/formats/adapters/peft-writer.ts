/** Writes an adapter as a PEFT folder. The same adapter gives the same bytes. */
import { join } from 'node:path';
import { writeFolderAtomically, writeWholeFileAtomically } from '../atomic-file.ts';
import { writeSafetensors } from '../safetensors/safetensors-writer.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { sortedModules, type AdapterTensors } from './adapter-tensors.ts';
import { peftConfigText } from './peft-config.ts';
import { withRopeLayout, type RotaryHeads } from './rotary-rows.ts';

export const peftConfigName = 'adapter_config.json';
export const peftWeightsName = 'adapter_model.safetensors';
export const peftPrefix = 'base_model.model.';

/** PEFT adapters are for Hugging Face bases, so q's and k's rows are brought into their order. */
export async function writePeftAdapter(path: string, adapter: AdapterTensors, heads: RotaryHeads): Promise<void> {
  const { matrices } = withRopeLayout(adapter, 'half', heads);
  const tensors = sortedModules(matrices).flatMap(([module, { a, b, rank, inFeatures, outFeatures, magnitude }]) => [
    float32Tensor(`${peftPrefix}${module}.lora_A.weight`, [rank, inFeatures], a),
    float32Tensor(`${peftPrefix}${module}.lora_B.weight`, [outFeatures, rank], b),
    ...(magnitude === undefined ? [] : [float32Tensor(`${peftPrefix}${module}.lora_magnitude_vector`, [outFeatures], magnitude)]),
  ]);
  await writeFolderAtomically(path, async (folder) => {
    await writeSafetensors(join(folder, peftWeightsName), tensors, { format: 'pt' });
    await writeWholeFileAtomically(join(folder, peftConfigName), peftConfigText(adapter));
  });
}
