/** Repeats the reference run on a real model: its rows in file order, its adapter's start, its optimizer. */
import { readFileSync } from 'node:fs';
import { layoutRows } from '../../compute/data/layout-rows.ts';
import { DatasetPass } from '../../compute/data/render-dataset.ts';
import type { RenderedRow } from '../../compute/data/types.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { CausalModel } from '../../compute/models/causal-model.ts';
import { attachLoraMatrices, detachLora, type LoraMatrices } from '../../compute/nn/lora.ts';
import { readFloatTensors } from '../../compute/parity/fixture.ts';
import { AdamW, clipFactor, gradientNorm } from '../../compute/train/adamw.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { referenceRows, type RealModel } from './real-models.ts';
import { TemporaryFolder } from './small-tokenizer.ts';
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

/** The training file's rows as the reference rendered them, prompt and answer tokenised apart. */
async function* renderedRows(model: CausalModel, real: RealModel, { rows, max_len: maxSeqLength }: ReferenceTraining): AsyncGenerator<RenderedRow> {
  const { source } = model.weights;
  using folder = new TemporaryFolder();
  const lines = readFileSync(findShared('data', 'train', 'arc_easy_train.jsonl') ?? '', 'utf8').split('\n');
  const path = folder.write('rows.jsonl', referenceRows(lines.slice(0, rows), real).join('\n'));
  const options = { path, tokenizer: loadTokenizer(source.tokenizer, source.path), modelTemplate: source.chatTemplate, maxSeqLength, keepDuplicates: true };
  for await (const { row } of new DatasetPass(options).rows()) yield row;
}

/** The reference's A matrices, by module; B is zero. */
function startMatrices(model: CausalModel, { adapterStart }: RealModel, { lora }: ReferenceTraining): Map<string, LoraMatrices> {
  return new Map(
    [...readFloatTensors(adapterStart ?? '')].map(([name, a]) => {
      const module = name.replace(/^base_model\.model\./, '').replace(/\.lora_A.*$/, '');
      const outputs = model.linears.find((linear) => linear.name === module)?.weight.outputs ?? 0;
      return [module, { a, b: new Float32Array(outputs * lora.r), rank: lora.r, scale: lora.scaling }];
    }),
  );
}

export async function trainReferenceSteps(
  model: CausalModel,
  real: RealModel,
  { training, steps }: { readonly training: ReferenceTraining; readonly steps: number },
): Promise<TrainedStep[]> {
  const parameters = attachLoraMatrices(model.linears, startMatrices(model, real, training), { path: real.adapterStart ?? '', base: '' });
  const optimizer = new AdamW(parameters, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 });
  const done: TrainedStep[] = [];
  let waiting: RenderedRow[] = [];
  for await (const row of renderedRows(model, real, training)) {
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
