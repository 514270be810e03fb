/** Tiny Gemmas: generation past the window, full training from GGUF, whose norms are stored otherwise, and exports that llama.cpp cannot check. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { meanDifference, type LogProbs } from '../../compute/export/effect-check.ts';
import { exportAdapter } from '../../compute/export/export-adapter.ts';
import type { PackedRows } from '../../compute/data/types.ts';
import { nextLogits } from '../../compute/inference/generate.ts';
import { SequenceCache } from '../../compute/inference/sequence-cache.ts';
import { loadForInference } from '../../compute/inference/load-for-inference.ts';
import { scoreRows } from '../../compute/inference/score.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { trainInProcess } from '../support/in-process-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyFamilies } from '../support/tiny-families.ts';
import { writeTinyData, writeTinyGguf, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const engine = { cpu: cpuDefaults(2), precision: 'fp32' as const };
const at = (name: string): string => join(folder, name);
/** Two rows, both longer than the windows. */
const tokens = Int32Array.from({ length: 40 }, (_, i) => (i * 7 + 5) % 90);
const rows: PackedRows = {
  tokens,
  labels: tokens.map((_, t) => (t === 21 || t === 39 ? -100 : (tokens[t + 1] ?? -100))),
  positions: tokens.map((_, t) => (t < 22 ? t : t - 22)),
  segments: Int32Array.of(0, 22, 40),
  gradedTokens: 38,
};

/** The model's own losses of the rows, as log-probabilities to compare. */
function scored(path: string): LogProbs[] {
  using loaded = loadForInference({ model: path, adapter: null, engine });
  return [[scoreRows(loaded.model, rows, { dtype: 'f32' }).losses]];
}

beforeAll(async () => {
  for (const family of ['gemma2', 'gemma3_text', 'vaultgemma'] as const) await writeTinyModel(at(family), { family: tinyFamilies[family] });
  await writeTinyGguf(at('gemma3.gguf'), at('gemma3_text'), 'f32');
});

describe.each(['gemma2', 'gemma3_text'] as const)('%s', (family) => {
  it('computes with a cache, token by token and past its window, what it computes at once', () => {
    using loaded = loadForInference({ model: at(family), adapter: null, engine });
    const { model } = loaded;
    const cache = (): SequenceCache => new SequenceCache({ capacity: 30, dtype: 'f32' });
    const [whole, steps] = [cache(), cache()];
    const prompt = [...tokens.subarray(0, 24)];
    const atOnce = nextLogits(model, whole, prompt, 'f32');
    let last = nextLogits(model, steps, prompt.slice(0, 5), 'f32');
    for (const token of prompt.slice(5)) last = nextLogits(model, steps, [token], 'f32');
    [whole, steps].forEach((each) => each.dispose());
    last.forEach((logit, token) => expect(Math.abs(logit - (atOnce[token] ?? NaN))).toBeLessThan(1e-5));
  });
});

describe('a run', { timeout: 120_000 }, () => {
  const train = async (name: string, model: string, training: object): Promise<{ adapter: string; events: JobEvent[] }> => {
    const events: JobEvent[] = [];
    mkdirSync(at(name));
    const config = { training: { max_epochs: 10, warmup_steps: 0, batch_size: 4, gradient_accumulation: 1, ...training } };
    const data = writeTinyData(at('rows.jsonl'), 40);
    const { adapter } = await trainInProcess({ folder: at(name), model, data, config, onEvent: (event) => events.push(event) });
    return { adapter, events };
  };

  it('of full training from GGUF writes a folder of the same model, norms included', async () => {
    const { adapter } = await train('still', at('gemma3.gguf'), { mode: 'full', max_steps: 1, learning_rate: 1e-12, weight_decay: 0 });
    expect(meanDifference(scored(at('gemma3_text')), scored(adapter))).toBeLessThan(1e-5);
  });

  it('of full training lowers the loss', async () => {
    const { events } = await train('full', at('gemma3.gguf'), { mode: 'full', max_steps: 20, learning_rate: 3e-3 });
    const losses = events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? 0));
  });

  it('of a family that llama.cpp does not know ends in PEFT and in a merged folder, unchecked and said so, and in no GGUF', async () => {
    const { adapter } = await train('vault', at('vaultgemma'), { max_steps: 3, learning_rate: 0.01 });
    const notes: string[] = [];
    const emit = (event: JobEvent): void => {
      if (event.event === 'note') notes.push(event.message);
    };
    const context = { emit, signal: new AbortController().signal, cacheDirectory: folder };
    const job = { kind: 'export' as const, adapter, model: null, quantization: 'f16' as const, force: false, check: true, engine };
    for (const to of ['peft', 'merged-safetensors'] as const)
      expect(await exportAdapter({ ...job, to, out: at(`vault-${to}`) }, context)).toMatchObject({ check: null });
    expect(notes).toEqual([expect.stringContaining('vaultgemma'), expect.stringContaining('vaultgemma')]);
    await expect(exportAdapter({ ...job, to: 'gguf', out: at('vault.gguf') }, context)).rejects.toMatchObject({ code: 'ARCHITECTURE_UNSUPPORTED' });
    expect(existsSync(at('vault.gguf'))).toBe(false);
  });
});
