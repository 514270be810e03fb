/** Every family as a tiny random model: trained whole, with recomputation, with a key-value cache, as planned. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import { norm, pseudoRandom } from '../../test/support/gradient-check.ts';
import { trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { tinyFamilies, tinyFamilyNames } from '../../test/support/tiny-families.ts';
import { writeTinyData, writeTinyModel } from '../../test/support/tiny-model.ts';
import { Tape } from '../autograd/tape.ts';
import type { PackedRows } from '../data/types.ts';
import { plainMergedWeights } from '../formats/merge/merged-weights.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { openModel } from '../formats/open-model.ts';
import { nextLogits } from '../inference/generate.ts';
import { SequenceCache } from '../inference/sequence-cache.ts';
import { scoreRows } from '../inference/score.ts';
import { passTensors } from '../nn/pass.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { fromInts, scope, toFloats } from '../tensor/tensor.ts';
import { accumulateGradients } from './gradients.ts';
import { measureMemory } from './memory-plan.ts';
import { makeTrainee } from './trainee.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { logitsOf } from '../models/logits.ts';
import { buildModel } from '../models/registry.ts';
import type { TrainingMode } from '../models/weight-loader.ts';

const folder = temporaryFolder();
const tokens = [5, 17, 3, 250, 99, 8, 8, 41, 120, 7];
/** Two packed rows of six and four tokens. */
const rows: PackedRows = {
  tokens: Int32Array.from(tokens),
  labels: Int32Array.from(tokens, (_, t) => (t === 5 || t === 9 ? -100 : (tokens[t + 1] ?? -100))),
  positions: Int32Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2, 3),
  segments: Int32Array.of(0, 6, 10),
  gradedTokens: 8,
};

beforeAll(() => loadAddon().configure({ isa: loadAddon().bestIsa(), threads: 2 }));
afterAll(() => expect(loadAddon().memory().liveTensors).toBe(0));

function withModel<T>(path: string, mode: TrainingMode, use: (model: CausalModel) => T): T {
  const model = buildModel(openModel(path), mode);
  try {
    return use(model);
  } finally {
    model.dispose();
  }
}

function allLogits(model: CausalModel): Float32Array {
  return scope(() => {
    const pass = { tape: new Tape({ recording: false }), dtype: 'f32' as const, ...passTensors(rows.positions, rows.segments), cache: null, dropout: null };
    const hidden = model.forward(pass, fromInts(rows.tokens), { recompute: false });
    return logitsOf(model, hidden.value, { from: 0, to: rows.tokens.length });
  });
}

/** Bytes of the engine's memory that a plan names, and that the same step then takes. */
function plannedAndTaken(path: string, mode: TrainingMode): readonly [planned: number, taken: number] {
  const { config } = resolveTrainingConfig({ lora: { target_modules: 'all-linear' }, training: { mode } }, { model: path, dataPath: '', cores: 2 });
  const panels = mode === 'lora' ? ('packed' as const) : ('stored' as const);
  const choices = { precision: 'fp32' as const, panels, packing: true, micro_tokens: rows.tokens.length, recompute_activations: false };
  const source = openModel(path);
  const plan = measureMemory(source, config, choices, { tokens: rows.tokens.length, gradedTokens: rows.gradedTokens, longestRow: 6 });
  const planned = plan.parts.filter(({ part }) => part !== 'program' && part !== 'model file').reduce((sum, { bytes }) => sum + bytes, 0);
  const trainee = makeTrainee(source, config, choices);
  accumulateGradients(trainee.model, rows, { dtype: 'f32', normaliser: 1, recompute: false, dropout: null });
  const taken = loadAddon().memory().arenaPeakBytes;
  trainee.dispose();
  return [planned, taken];
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);

const lossOf = (model: CausalModel): number => scoreRows(model, rows, { dtype: 'f32' }).losses.reduce((sum, loss) => sum + loss, 0);

/** One backward pass; every parameter's gradient by name. */
function gradientsOf(model: CausalModel, recompute: boolean): Map<string, Float32Array> {
  const { parameters } = model.weights;
  parameters.forEach((parameter) => parameter.zeroGrad());
  accumulateGradients(model, rows, { dtype: 'f32', normaliser: 1, recompute, dropout: null });
  return new Map(parameters.map(({ name, grad }) => [name, grad === null ? new Float32Array() : toFloats(grad)]));
}

describe.each(tinyFamilyNames)('%s', (family) => {
  let path = '';
  beforeAll(async () => {
    path = await writeTinyModel(join(folder, family), { family: tinyFamilies[family] });
  });

  it('has the slope of its loss in every weight', () => {
    withModel(path, 'full', (model) => {
      const gradients = gradientsOf(model, false);
      expect([...gradients.keys()].toSorted()).toEqual([...openModel(path).weights.keys()].toSorted());
      for (const [index, { name, value }] of model.weights.parameters.entries()) {
        const gradient = gradients.get(name) ?? new Float32Array();
        const length = norm([...gradient]);
        expect(length, name).toBeGreaterThan(0);
        // Along a direction that is the gradient's own and a random one's, since in f32 a small slope drowns.
        const noise = pseudoRandom(gradient.length, index + 1);
        const direction = gradient.map((each, i) => each / length + (0.3 * (noise[i] ?? 0)) / Math.sqrt(gradient.length));
        const before = toFloats(value);
        const at = (step: number): number => {
          loadAddon().write(
            value.id,
            before.map((each, i) => each + step * (direction[i] ?? 0)),
            0,
          );
          return lossOf(model);
        };
        const step = 2e-2 / (1 + length);
        const slope = (at(step) - at(-step)) / (2 * step);
        loadAddon().write(value.id, before, 0);
        const expected = gradient.reduce((sum, each, i) => sum + each * (direction[i] ?? 0), 0);
        expect(Math.abs(slope - expected) / expected, name).toBeLessThan(0.02);
      }
    });
  });

  it('has the same gradients when layers are recomputed', () => {
    withModel(path, 'full', (model) => {
      const [kept, recomputed] = [gradientsOf(model, false), gradientsOf(model, true)];
      for (const [name, gradient] of kept) expect(largestDifference(gradient, recomputed.get(name) ?? []), name).toBe(0);
    });
  });

  it.each(['lora', 'full'] as const)('takes the memory that is planned for it: %s', (mode) => {
    const [planned, taken] = plannedAndTaken(path, mode);
    expect(taken).toBeGreaterThan(0);
    expect(Math.abs(planned / taken - 1)).toBeLessThan(0.02);
  });

  it('is saved whole, every weight of it moved', async () => {
    const data = writeTinyData(join(folder, 'rows.jsonl'), 20);
    const training = { mode: 'full' as const, max_steps: 2, max_epochs: 10, batch_size: 2, gradient_accumulation: 1, warmup_steps: 0, learning_rate: 1e-3 };
    const { adapter } = await trainInProcess({ folder: join(folder, `${family}-run`), model: path, data, config: { training } });
    const [before, after] = [openModel(path), openModel(adapter)];
    expect(after.config).toEqual(before.config);
    expect([...after.weights.keys()].toSorted()).toEqual([...before.weights.keys()].toSorted());
    const values = async (source: ModelSource, name: string): Promise<number[]> => {
      const weight = source.weights.get(name);
      return weight === undefined ? [] : [...(await plainMergedWeights(source, null).rows(weight, 0, weight.shape[0] ?? 0))];
    };
    for (const name of before.weights.keys()) expect(await values(after, name), name).not.toEqual(await values(before, name));
  });

  it('goes on from its key-value cache as if it saw the whole text', () => {
    withModel(path, 'lora', (model) => {
      const text = [...rows.tokens.subarray(0, 6)];
      const cache = new SequenceCache({ capacity: text.length, dtype: 'f32' });
      const vocabulary = model.head.outputs;
      const whole = allLogits(model);
      const steps = [nextLogits(model, cache, text.slice(0, 3), 'f32'), ...text.slice(3).map((token) => nextLogits(model, cache, [token], 'f32'))];
      cache.dispose();
      steps.forEach((logits, i) => expect(largestDifference(logits, whole.subarray((i + 2) * vocabulary, (i + 3) * vocabulary))).toBeLessThan(2e-5));
    });
  });
});
