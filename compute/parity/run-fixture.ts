/** Computes a fixture with the engine and measures the distance from what PyTorch + PEFT computed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Parameter } from '../autograd/tape.ts';
import { Tape } from '../autograd/tape.ts';
import { readPeftAdapter } from '../formats/adapters/peft-reader.ts';
import { nameInText } from '../formats/huggingface/text-part.ts';
import { normaliseConfig } from '../formats/huggingface/normalise-config.ts';
import { openModel } from '../formats/open-model.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { attachAdapter } from '../models/attach-adapter.ts';
import { logitsOf } from '../models/logits.ts';
import { buildModel } from '../models/registry.ts';
import { passTensors } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { fromInts, scope, toFloats } from '../tensor/tensor.ts';
import { AdamW, clipFactor, gradientNorm } from '../train/adamw.ts';
import { accumulateGradients } from '../train/gradients.ts';
import type { ParityBounds } from './bounds.ts';
import { openFixture, readFloatTensors, type Fixture } from './fixture.ts';

/** The largest differences found; see ParityBounds for how each is measured. */
export type ParityDistances = ParityBounds;

export function measureFixture(folder: string, dtype: FloatDType): ParityDistances {
  const fixture = openFixture(folder);
  const expected = namedAsHere(readFloatTensors(join(folder, 'expected.safetensors')));
  checkLegacyConfig(folder);
  const model = buildModel(openModel(folder), 'lora');
  try {
    const base = logitsDistance(model, fixture, { dtype, expected: expected.get('base_logits') });
    const parameters = attachAdapter(model, join(folder, 'adapter'));
    const start = new Map(parameters.map(({ name, value }) => [name, toFloats(value)]));
    const adapted = logitsDistance(model, fixture, { dtype, expected: expected.get('lora_logits') });
    const training = trainingDistances(model, parameters, { fixture, dtype, expected });
    return { logits: Math.max(base, adapted), ...training, ...adapterDistances(parameters, start, join(folder, 'adapter_final')) };
  } finally {
    model.dispose();
  }
}

/** Gradients by the names that modules have here. */
const namedAsHere = (tensors: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Float32Array> =>
  new Map(
    [...tensors].map(([name, values]) => [
      name.replace(/^(grad\.base_model\.model\.)(.+)/, (_, start: string, module: string) => start + nameInText(module)),
      values,
    ]),
  );

/** Both spellings of the config must come to the same model. */
function checkLegacyConfig(folder: string): void {
  const [now, legacy] = ['config.json', 'config.legacy.json'].map((file) => {
    const path = join(folder, file);
    return normaliseConfig(JSON.parse(readFileSync(path, 'utf8')), { path, hasOutputWeight: false });
  });
  for (const key of ['rope_parameters', 'layer_types', 'sliding_window', 'head_dim', 'tie_word_embeddings']) {
    const [a, b] = [now?.[key], legacy?.[key]].map((value) => JSON.stringify(value));
    if (a !== b) throw new Error(`config.legacy.json gives ${key} = ${b ?? 'nothing'}, config.json ${a ?? 'nothing'}`);
  }
}

const largestDifference = (a: Float32Array, b: Float32Array): number => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);

/** NaN where the fixture lacks the tensor, which passes no bound. */
function logitsDistance(
  model: CausalModel,
  { packed, places }: Fixture,
  { dtype, expected }: { dtype: FloatDType; expected: Float32Array | undefined },
): number {
  const vocabulary = model.head.outputs;
  const logits = scope(() => {
    const pass = { tape: new Tape({ recording: false }), dtype, ...passTensors(packed.positions, packed.segments), cache: null, dropout: null };
    const hidden = model.forward(pass, fromInts(packed.tokens), { recompute: false });
    return logitsOf(model, hidden.value, { from: 0, to: packed.tokens.length });
  });
  const differences = Array.from(places, (place, t) => {
    const row = expected?.subarray(place * vocabulary, (place + 1) * vocabulary) ?? new Float32Array();
    return largestDifference(logits.subarray(t * vocabulary, (t + 1) * vocabulary), row);
  });
  return worstOf(differences);
}

interface TrainingContext {
  readonly fixture: Fixture;
  readonly dtype: FloatDType;
  readonly expected: ReadonlyMap<string, Float32Array>;
}

function trainingDistances(
  model: CausalModel,
  parameters: readonly Parameter[],
  { fixture, dtype, expected }: TrainingContext,
): Pick<ParityDistances, 'loss' | 'gradients' | 'steps'> {
  const { training, loss: firstLoss } = fixture.expected;
  const { gradedTokens } = fixture.packed;
  const [beta1, beta2] = training.betas;
  const optimizer = new AdamW(parameters, { beta1, beta2, epsilon: training.eps, weightDecay: training.weight_decay });
  const distances = { loss: 0, gradients: 0, steps: 0 };
  training.losses.forEach((expectedLoss, step) => {
    optimizer.zeroGrad();
    const loss = accumulateGradients(model, fixture.packed, { dtype, normaliser: gradedTokens, recompute: step % 2 === 1, dropout: null }) / gradedTokens;
    if (step === 0) {
      distances.loss = Math.abs(loss - firstLoss);
      distances.gradients = gradientDistance(parameters, expected);
    }
    distances.steps = Math.max(distances.steps, Math.abs(loss - expectedLoss));
    const gradScale = clipFactor(gradientNorm(parameters), training.max_norm);
    optimizer.step({ step: step + 1, learningRate: training.learning_rates[step] ?? NaN, gradScale });
  });
  optimizer.dispose();
  return distances;
}

/** NaN wins: what could not be compared passes no bound. */
const worstOf = (distances: readonly number[]): number => distances.reduce((worst, value) => (worst > value ? worst : value), 0);

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function gradientDistance(parameters: readonly Parameter[], expected: ReadonlyMap<string, Float32Array>): number {
  const distances = parameters.map(({ name, grad }) => {
    // PEFT saves a magnitude without `.weight`; its gradient may be named after the file or after the parameter.
    const wanted = expected.get(`grad.base_model.model.${name}.weight`) ?? expected.get(`grad.base_model.model.${name}`);
    if (wanted === undefined || grad === null) return NaN;
    return norm(toFloats(grad).map((value, i) => value - (wanted[i] ?? NaN))) / norm(wanted);
  });
  return worstOf(distances);
}

function adapterDistances(
  parameters: readonly Parameter[],
  start: ReadonlyMap<string, Float32Array>,
  path: string,
): Pick<ParityDistances, 'adapter' | 'movement'> {
  const final = readPeftAdapter(path);
  const [got, wanted] = [[] as number[], [] as number[]];
  const distances = parameters.map(({ name, value }) => {
    const [, module = '', part = ''] = /^(.+)\.lora_(A|B|magnitude_vector)$/.exec(name) ?? [];
    const matrices = final.matrices.get(module);
    const end = { A: matrices?.a, B: matrices?.b, magnitude_vector: matrices?.magnitude }[part];
    const [values, before] = [toFloats(value), start.get(name)];
    if (end === undefined || before === undefined) return NaN;
    values.forEach((each, i) => {
      got.push(each - (before[i] ?? NaN));
      wanted.push((end[i] ?? NaN) - (before[i] ?? NaN));
    });
    return largestDifference(values, end);
  });
  const movement = norm(Float32Array.from(got, (each, i) => each - (wanted[i] ?? NaN))) / norm(Float32Array.from(wanted));
  return { adapter: worstOf(distances), movement };
}
