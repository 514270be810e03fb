/**
 * What the engine computes with an adapter, for accept_adapter.py to hold PEFT against: a folder with the base as a Hugging Face folder in
 * F32 (dequantised where it is stored otherwise), token ids, and the logits with and without the adapter.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';
import { writeMergedHuggingFace } from '../../../compute/formats/merge/merged-huggingface.ts';
import { plainMergedWeights } from '../../../compute/formats/merge/merged-weights.ts';
import { openModel } from '../../../compute/formats/open-model.ts';
import { writeSafetensors } from '../../../compute/formats/safetensors/safetensors-writer.ts';
import { float32Tensor } from '../../../compute/formats/tensor-to-write.ts';
import { attachAdapter } from '../../../compute/models/attach-adapter.ts';
import type { CausalModel } from '../../../compute/models/causal-model.ts';
import { logitsOf } from '../../../compute/models/logits.ts';
import { buildModel } from '../../../compute/models/registry.ts';
import { passTensors } from '../../../compute/nn/pass.ts';
import { Tape } from '../../../compute/autograd/tape.ts';
import { setUpEngine } from '../../../compute/tensor/engine-setup.ts';
import { fromInts, scope } from '../../../compute/tensor/tensor.ts';
import { pseudoRandom } from '../../support/gradient-check.ts';

const TOKENS = 40;

const program = new Command('write-logits')
  .requiredOption('--model <path>', 'GGUF file or Hugging Face folder')
  .requiredOption('--adapter <path>', 'PEFT folder that Lathe wrote')
  .requiredOption('--out <dir>', 'folder to write')
  .parse();
const { model: modelPath, adapter, out } = program.opts<{ model: string; adapter: string; out: string }>();

const logits = (model: CausalModel, ids: Int32Array): Float32Array =>
  scope(() => {
    const layout = passTensors(Int32Array.from(ids.keys()), Int32Array.of(0, ids.length));
    const pass = { tape: new Tape({ recording: false }), dtype: 'f32' as const, ...layout, cache: null, dropout: null };
    const hidden = model.forward(pass, fromInts(ids), { recompute: false });
    return logitsOf(model, hidden.value, { from: 0, to: ids.length });
  });

setUpEngine(cpuDefaults(2), 'fp32');
const source = openModel(modelPath);
const model = buildModel(source, 'lora');
const { vocabulary } = model.dimensions;
const ids = Int32Array.from(pseudoRandom(TOKENS, 11), (value) => Math.floor(((value + 1) / 2) * vocabulary));
const base = logits(model, ids);
attachAdapter(model, adapter);
const adapted = logits(model, ids);
model.dispose();
mkdirSync(out, { recursive: true });
await writeMergedHuggingFace(join(out, 'base'), source, plainMergedWeights(source, null), { dtype: 'f32' });
const shape = [TOKENS, vocabulary];
await writeSafetensors(join(out, 'logits.safetensors'), [float32Tensor('base', shape, base), float32Tensor('adapted', shape, adapted)]);
writeFileSync(join(out, 'input.json'), JSON.stringify({ adapter: resolve(adapter), ids: [...ids] }));
