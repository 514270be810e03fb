/** Repeats the reference run on SmolLM2: its rows in file order, its adapter's start, its optimizer. */
import { join } from 'node:path';
import { layoutRows } from '../../compute/data/layout-rows.ts';
import { DatasetPass } from '../../compute/data/render-dataset.ts';
import type { RenderedRow } from '../../compute/data/types.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { CausalModel } from '../../compute/models/causal-model.ts';
import { attachLoraMatrices, detachLora, type LoraMatrices } from '../../compute/nn/lora.ts';
import { readFloatTensors } from '../../compute/parity/fixture.ts';
import { AdamW, clipFactor, gradientNorm } from '../../compute/train/adamw.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { findShared } from './smollm2.ts';

export interface ReferenceTraining {
  readonly rows: number;
  readonly max_len: number;
  readonly lora: { readonly r: number; readonly scaling: number };
  readonly steps: readonly { readonly loss: number; readonly grad_norm: number; readonly label_tokens: number }[];
}

const BATCH = 4;

export interface TrainedStep {
  readonly loss: number;
  readonly gradNorm: number;
}

/** The dataset's rows as the reference rendered them (house template, prompt and answer tokenised apart). */
async function* referenceRows(model: CausalModel, { max_len: maxSeqLength }: ReferenceTraining): AsyncGenerator<RenderedRow> {
  const { source } = model.weights;
  const path = findShared('data', 'train', 'arc_easy_train.jsonl') ?? '';
  const options = { path, tokenizer: loadTokenizer(source.tokenizer, source.path), modelTemplate: source.chatTemplate, maxSeqLength, keepDuplicates: true };
  for await (const { row } of new DatasetPass(options).rows()) yield row;
}

/** The reference's A matrices, by module; B is zero. */
function startMatrices(model: CausalModel, { lora }: ReferenceTraining): Map<string, LoraMatrices> {
  const tensors = readFloatTensors(findShared('parity', 'smollm2_lora_A_init.safetensors') ?? '');
  return new Map(
    [...tensors].map(([name, a]) => {
      const module = name.replace(/^base_model\.model\./, '').replace(/\.lora_A.*$/, '');
      const outputs = model.linears.find((linear) => linear.name === module)?.weight.outputs ?? 0;
      return [module, { a, b: new Float32Array(outputs * lora.r), rank: lora.r, scale: lora.scaling }];
    }),
  );
}

export async function trainReferenceSteps(model: CausalModel, training: ReferenceTraining, steps: number): Promise<TrainedStep[]> {
  const parameters = attachLoraMatrices(model.linears, startMatrices(model, training), { path: join('shared', 'parity'), base: '' });
  const optimizer = new AdamW(parameters, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 });
  const done: TrainedStep[] = [];
  let waiting: RenderedRow[] = [];
  for await (const row of referenceRows(model, training)) {
    waiting.push(row);
    if (waiting.length < BATCH) continue;
    const [packed] = layoutRows(waiting, { packing: true, padId: 0 });
    waiting = [];
    if (packed === undefined || done.length === steps) break;
    optimizer.zeroGrad();
    const loss = accumulateGradients(model, packed, { dtype: 'f32', normaliser: packed.gradedTokens, recompute: false, dropout: null }) / packed.gradedTokens;
    const gradNorm = gradientNorm(parameters);
    optimizer.step({ step: done.length + 1, learningRate: 2e-4, gradScale: clipFactor(gradNorm, 1) });
    done.push({ loss, gradNorm });
  }
  optimizer.dispose();
  detachLora(model.linears);
  return done;
}
