/** Every form that an adapter is exported in is checked, and one that changes nothing is refused in every form. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportFormat, JobOf } from '../../shared/contracts/compute-jobs.ts';
import { exportFormats } from '../../shared/contracts/compute-jobs.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeTinyData } from '../../test/support/tiny-model.ts';
import type { JobContext } from '../inference/job-context.ts';
import { exportAdapter } from './export-adapter.ts';

const folder = temporaryFolder();
const model = join(import.meta.dirname, '..', '..', 'resources', 'models', 'lathe-base.gguf');
const context: JobContext = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder };

async function train(name: string, learningRate: number): Promise<string> {
  const data = writeTinyData(join(folder, 'rows.jsonl'), 40);
  const training = { max_steps: 4, max_epochs: 10, warmup_steps: 0, learning_rate: learningRate, batch_size: 4, gradient_accumulation: 1 };
  mkdirSync(join(folder, name));
  return (await trainInProcess({ folder: join(folder, name), model, data, config: { training } })).adapter;
}

const jobOf = (adapter: string, to: ExportFormat, out: string): JobOf<'export'> => ({
  ...{ kind: 'export', adapter, model, to, quantization: 'f16', out, check: true },
  engine: { cpu: cpuDefaults(2), precision: 'fp32' },
});

describe('an export', { timeout: 120_000 }, () => {
  it('is checked in every form', async () => {
    const adapter = await train('trained', 0.01);
    for (const to of exportFormats) {
      const { check } = await exportAdapter(jobOf(adapter, to, join(folder, `good-${to}`)), context);
      expect(check?.effect).toBeGreaterThan(2 * (check?.base_disagreement ?? Infinity));
    }
  });

  it('of an adapter without effect is refused in every form, and does not stay', async () => {
    const adapter = await train('untrained', 1e-12);
    for (const to of exportFormats) {
      const out = join(folder, `bad-${to}`);
      await expect(exportAdapter(jobOf(adapter, to, out), context)).rejects.toMatchObject({ code: 'ADAPTER_WITHOUT_EFFECT' });
      const files = to === 'gguf' || to === 'merged-gguf' ? [out] : ['adapter_model.safetensors', 'model.safetensors'].map((name) => join(out, name));
      expect(files.filter((file) => existsSync(file))).toEqual([]);
    }
  });

  /** Exports, and asks for a stop at the first progress of `what` of which so much is done. */
  async function exportStoppedAt(job: JobOf<'export'>, what: string, done: number): Promise<{ readonly heard: number; readonly error: unknown }> {
    const stop = new AbortController();
    let heard = 0;
    const emit: JobContext['emit'] = (event) => {
      if (event.event !== 'progress' || event.what !== what) return;
      heard = event.done;
      expect(event.done).toBeLessThanOrEqual(event.total);
      if (event.done === done) stop.abort();
    };
    const error: unknown = await exportAdapter(job, { ...context, emit, signal: stop.signal }).then(
      () => null,
      (reason: unknown) => reason,
    );
    return { heard, error };
  }

  it('tells how far it is and hears a stop, in llama.cpp too, and leaves nothing unchecked behind', async () => {
    const adapter = await train('stopped', 0.01);
    const out = join(folder, 'stopped.gguf');
    // Four prompts, six checks each; the first eight are the engine's own.
    const whole = await exportStoppedAt(jobOf(adapter, 'gguf', out), 'checks', Infinity);
    expect(whole).toEqual({ heard: 24, error: null });
    const inLlama = await exportStoppedAt(jobOf(adapter, 'gguf', out), 'checks', 10);
    expect([isAppError(inLlama.error, 'CANCELLED'), inLlama.heard, existsSync(out)]).toEqual([true, 10, false]);
  });

  it('hears a stop while a merged model is written', async () => {
    const adapter = await train('halfway', 0.01);
    const out = join(folder, 'halfway.gguf');
    const { error, heard } = await exportStoppedAt(jobOf(adapter, 'merged-gguf', out), 'weights', 3);
    expect([isAppError(error, 'CANCELLED'), heard, existsSync(out)]).toEqual([true, 3, false]);
  });
});
