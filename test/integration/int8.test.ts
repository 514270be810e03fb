/** Runs with `precision: int8`: how good their gradients and their results are, that they repeat to the bit, and when they are refused. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import { loraDefaults } from '../../shared/domain/lora-config.ts';
import { trainingDefaults } from '../../shared/domain/training-settings.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { makeTrainee } from '../../compute/train/trainee.ts';
import { planRun } from '../../compute/train/train-run.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import { setUpEngine, trainingTypes } from '../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { toFloats } from '../../compute/tensor/tensor.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { pseudoRandom } from '../support/gradient-check.ts';
import { recordOf, trainInProcess } from '../support/in-process-run.ts';
import { hasInt8, withoutInt8 } from '../support/int8-products.ts';
import { findSmollm2, withoutSmollm2 } from '../support/smollm2.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { killAtStep, TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
const cap = process.env['LATHE_ISA'];
let runs: TinyRuns;

beforeAll(async () => {
  runs = await TinyRuns.in(folder);
});
afterEach(() => {
  if (cap === undefined) delete process.env['LATHE_ISA'];
  else process.env['LATHE_ISA'] = cap;
});

type Training = NonNullable<Parameters<typeof resolveTrainingConfig>[0]['training']>;
const quick = { max_epochs: 100, batch_size: 8, gradient_accumulation: 1, learning_rate: 5e-3, warmup_steps: 2, save_steps: 100, eval_steps: 100 } as const;
const train = (name: string, training: Training, model = runs.model) =>
  trainInProcess({ folder: runs.out(name), model, data: runs.data, config: { training: { ...quick, ...training }, lora: { dropout: 0 } } });

const text = 'Rain falls from clouds. The water runs down the hills into rivers, and the rivers carry it to the sea, where the sun warms it again. ';

/** Gradients of a LoRA whose B is no longer zero, in order of the parameters. */
function gradients(model: string, precision: 'fp32' | 'int8'): { readonly loss: number; readonly values: Float32Array } {
  setUpEngine(cpuDefaults(2), precision);
  const source = openModel(model);
  const config = { lora: { ...loraDefaults, rank: 8, alpha: 16, dropout: 0 }, training: trainingDefaults };
  const trainee = makeTrainee(source, config, { precision, panels: 'packed' });
  const { model: trained, parameters } = trainee;
  try {
    for (const [i, { name, value }] of parameters.entries())
      if (name.endsWith('lora_B'))
        loadAddon().write(
          value.id,
          pseudoRandom(value.bytes / 4, i).map((x) => 0.02 * x),
          0,
        );
    const tokens = Int32Array.from(loadTokenizer(source.tokenizer, source.path).encode(text.repeat(4))).slice(0, 96);
    const rows = {
      tokens,
      labels: tokens.map((_, t) => tokens[t + 1] ?? -100),
      positions: tokens.map((_, t) => t),
      segments: Int32Array.of(0, tokens.length),
      gradedTokens: tokens.length - 1,
    };
    const loss = accumulateGradients(trained, rows, { ...trainingTypes(precision), normaliser: rows.gradedTokens, recompute: false, dropout: null });
    return { loss: loss / rows.gradedTokens, values: Float32Array.from(parameters.flatMap(({ grad }) => (grad === null ? [] : [...toFloats(grad)]))) };
  } finally {
    trainee.dispose();
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe.skipIf(!hasInt8)(`with int8 products${hasInt8 ? '' : ` (SKIPPED: ${withoutInt8})`}`, () => {
  it.for([
    ['the tiny model', () => runs.model, 0.999, 0.002],
    ['SmolLM2-135M', findSmollm2, 0.96, 0.02],
  ] as const)('gradients of %s point where those of fp32 do', { timeout: 180_000 }, ([, find, least, loss], { skip }) => {
    const model = find();
    if (model === null) return skip(withoutSmollm2);
    const [exact, rough] = [gradients(model, 'fp32'), gradients(model, 'int8')];
    expect(Math.abs(rough.loss / exact.loss - 1)).toBeLessThan(loss);
    expect(cosine(exact.values, rough.values)).toBeGreaterThan(least);
    // And it is another computation, so the comparison says something.
    expect(cosine(exact.values, rough.values)).toBeLessThan(0.999999);
  });

  it('learns as much as a run in fp32, and is judged in fp32', async () => {
    const [exact, rough] = [await train('fp32', { precision: 'fp32', max_steps: 60 }), await train('int8', { precision: 'int8', max_steps: 60 })];
    expect(recordOf(runs.out('int8')).choices).toMatchObject({ precision: 'int8', kernels: { gemm_int8: expect.stringMatching(/vnni|dotprod/) as string } });
    expect(recordOf(runs.out('fp32')).choices.kernels).not.toHaveProperty('gemm_int8');
    const before = await train('before', { precision: 'fp32', max_steps: 1, learning_rate: 1e-9 });
    const learnt = (before.eval_loss ?? NaN) - (exact.eval_loss ?? NaN);
    expect(learnt).toBeGreaterThan(0.5);
    expect(Math.abs((rough.eval_loss ?? NaN) - (exact.eval_loss ?? NaN))).toBeLessThan(0.05 * learnt);
    // Nothing was trained yet: the same weights have the same evaluation, whatever the run multiplies in.
    const same = await train('same', { precision: 'int8', max_steps: 1, learning_rate: 1e-9 });
    expect(same.eval_loss).toBeCloseTo(before.eval_loss ?? NaN, 5);
  });

  it('catches a loss that is no number', async () => {
    const broken = await writeTinyModel(join(folder, 'broken'), { infinite: 'mlp.up_proj' });
    await expect(train('not-finite', { precision: 'int8', max_steps: 3 }, broken)).rejects.toThrow(
      expect.objectContaining({ code: 'LOSS_NOT_FINITE' }) as Error,
    );
  });

  it('ends with the same bytes when it is killed and resumed', { timeout: 120_000 }, async () => {
    const settings = ['--precision', 'int8', '--max-steps', '16', '--epochs', '100', '--batch-size', '4', '--gradient-accumulation', '1', '--save-steps', '3'];
    const whole = await runs.train('whole', settings).ended;
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    expect((await killAtStep((options) => runs.train('killed', settings, options), 7, 5)).signal).toBe('SIGKILL');
    const end = await runs.resume('killed').ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(runs.result('killed')).toEqual(runs.result('whole'));
  });
});

describe('refusals', () => {
  // On ARM no cap takes the dot product away.
  it.skipIf(process.arch === 'arm64' && hasInt8)('takes plain int8 products only where plain kernels were asked for', () => {
    process.env['LATHE_ISA'] = process.arch === 'arm64' ? 'neon' : 'neonbf16'; // on x86 no rung of this machine, so what it has is plain
    const row = expect.objectContaining({ code: 'INT8_UNSUPPORTED' }) as Error;
    expect(() => setUpEngine(cpuDefaults(1), 'int8')).toThrow(row);
    process.env['LATHE_ISA'] = 'ref';
    expect(setUpEngine(cpuDefaults(1), 'int8')).toMatchObject({ isa: 'ref', kernels: { gemm_int8: 'gemm_int8_ref' } });
  });

  it('needs weights that are frozen', async () => {
    const training = { ...quick, precision: 'int8', mode: 'full', max_steps: 2 } as const;
    const request = resolveTrainingConfig({ training, cpu_optimization: { use_simd: false } }, { model: runs.model, dataPath: runs.data, cores: 2 });
    const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: join(folder, 'cache') };
    await expect(planRun(request, folder, context)).rejects.toThrow(expect.objectContaining({ code: 'INT8_WITHOUT_ADAPTER' }) as Error);
  });
});
