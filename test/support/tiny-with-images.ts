/** A tiny Gemma 3 that takes images too, as folders hold it: the language model under a name of its own, a vision tower and a projector beside it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainMergedWeights } from '../../compute/formats/merge/merged-weights.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { writeSafetensors } from '../../compute/formats/safetensors/safetensors-writer.ts';
import { float32Tensor } from '../../compute/formats/tensor-to-write.ts';
import { tinyFamilies } from './tiny-families.ts';
import { writeTinyModel } from './tiny-model.ts';

/** `place` is what stands for the language model's `model.`. Returns the folder's path; the same language model alone lies in `alone` beside it. */
export async function writeTinyWithImages(folder: string, place: string): Promise<{ readonly path: string; readonly alone: string }> {
  const alone = await writeTinyModel(`${folder}-alone`, { family: tinyFamilies.gemma3_text });
  const path = await writeTinyModel(folder, { family: tinyFamilies.gemma3_text });
  const source = openModel(alone);
  const text = [...source.weights.values()].map(async (weight) => {
    const values = await plainMergedWeights(source, null).rows(weight, 0, weight.shape[0] ?? 0);
    return float32Tensor(weight.name.replace(/^model\./, place), weight.shape, values);
  });
  // Named as in the language model, so that whoever goes by the last part finds it.
  const vision = ['vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight', 'multi_modal_projector.mm_input_projection_weight'].map((name) =>
    float32Tensor(name, [4, 4], new Float32Array(16).fill(NaN)),
  );
  await writeSafetensors(join(path, 'model.safetensors'), [...(await Promise.all(text)), ...vision], { format: 'pt' });
  const config = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as Record<string, unknown>;
  const whole = { architectures: ['Gemma3ForConditionalGeneration'], model_type: 'gemma3', torch_dtype: 'float32' };
  writeFileSync(join(path, 'config.json'), JSON.stringify({ ...whole, text_config: config, vision_config: { model_type: 'siglip_vision_model' } }));
  return { path, alone };
}
