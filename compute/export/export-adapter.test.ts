/** Every form that an adapter is exported in is checked, and one that changes nothing is refused in every form. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat, JobOf } from '../../shared/contracts/compute-jobs.ts';
import { exportFormats } from '../../shared/contracts/compute-jobs.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeTinyData } from '../../test/support/tiny-model.ts';
import { isTemporaryName } from '../formats/atomic-file.ts';
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
  ...{ kind: 'export', adapter, model, to, quantization: 'f16', out, force: false, check: true },
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
    const place = mkdtempSync(join(folder, 'bad-'));
    for (const to of exportFormats)
      await expect(exportAdapter(jobOf(adapter, to, join(place, to)), context)).rejects.toMatchObject({ code: 'ADAPTER_WITHOUT_EFFECT' });
    expect(readdirSync(place)).toEqual([]);
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
    const stopped = join(folder, 'stopped-in-llama.gguf');
    const inLlama = await exportStoppedAt(jobOf(adapter, 'gguf', stopped), 'checks', 10);
    expect([isAppError(inLlama.error, 'CANCELLED'), inLlama.heard, existsSync(stopped)]).toEqual([true, 10, false]);
    // Nor does a stop cost what was there before.
    const before = readFileSync(out);
    const forced = await exportStoppedAt({ ...jobOf(adapter, 'gguf', out), force: true }, 'checks', 10);
    expect([isAppError(forced.error, 'CANCELLED'), readFileSync(out).equals(before)]).toEqual([true, true]);
  });

  it('hears a stop while a merged model is written', async () => {
    const adapter = await train('halfway', 0.01);
    const out = join(folder, 'halfway.gguf');
    const { error, heard } = await exportStoppedAt(jobOf(adapter, 'merged-gguf', out), 'weights', 3);
    expect([isAppError(error, 'CANCELLED'), heard, existsSync(out)]).toEqual([true, 3, false]);
  });
});

describe('the place of an export', { timeout: 60_000 }, () => {
  const unchecked = (adapter: string, to: ExportFormat, out: string): JobOf<'export'> => ({ ...jobOf(adapter, to, out), check: false });
  let place: string;
  let adapter: string;
  let base: string;

  beforeAll(async () => {
    place = mkdtempSync(join(folder, 'place-'));
    adapter = await train('placed', 0.01);
    base = join(place, 'base.gguf');
    copyFileSync(model, base);
    symlinkSync(base, join(place, 'link.gguf'));
  }, 60_000);

  it.each([
    ['the base', 'merged-gguf', () => base],
    ['a link to the base', 'gguf', () => join(place, 'link.gguf')],
    ['what holds the base', 'peft', () => place],
    ['the adapter', 'peft', () => adapter],
    ['a place inside the adapter', 'gguf', () => join(adapter, 'x.gguf')],
    ['the run, which holds the adapter', 'merged-safetensors', () => dirname(adapter)],
  ] as const)('is never %s, not even by force', async (_, to, out) => {
    const [before, weights] = [readFileSync(base), readdirSync(adapter)];
    for (const force of [false, true]) {
      const attempt = exportAdapter({ ...unchecked(adapter, to, out()), model: base, force }, context);
      await expect(attempt).rejects.toMatchObject({ code: 'OUT_PROTECTED', exitCode: 2 });
    }
    expect([readFileSync(base).equals(before), readdirSync(adapter)]).toEqual([true, weights]);
  });

  it('is taken by a file or a filled folder, which only force replaces whole', async () => {
    const [file, filled] = [join(place, 'file.gguf'), join(place, 'filled')];
    writeFileSync(file, 'old');
    mkdirSync(filled);
    for (const name of ['adapter_config.json', 'old.txt']) writeFileSync(join(filled, name), 'old');
    for (const [to, out] of [
      ['gguf', file],
      ['peft', filled],
      ['peft', file],
    ] as const)
      await expect(exportAdapter(unchecked(adapter, to, out), context)).rejects.toMatchObject({ code: 'OUT_TAKEN', exitCode: 2 });
    expect([readFileSync(file, 'utf8'), readdirSync(filled)]).toEqual(['old', ['adapter_config.json', 'old.txt']]);
    for (const [to, out] of [
      ['gguf', file],
      ['peft', filled],
    ] as const)
      await exportAdapter({ ...unchecked(adapter, to, out), force: true }, context);
    expect([readFileSync(file, 'latin1').slice(0, 4), readdirSync(filled)]).toEqual(['GGUF', ['adapter_config.json', 'adapter_model.safetensors']]);
    expect(readdirSync(place).filter(isTemporaryName)).toEqual([]);
  });

  it('may be an empty folder for a folder; for a file no folder will do, and no folder of other things for anything', async () => {
    const [empty, foreign] = [join(place, 'empty'), join(place, 'foreign')];
    for (const path of [empty, foreign]) mkdirSync(path);
    writeFileSync(join(foreign, 'diary.txt'), 'mine');
    for (const [to, out] of [
      ['gguf', empty],
      ['merged-gguf', empty],
      ['peft', foreign],
    ] as const)
      await expect(exportAdapter({ ...unchecked(adapter, to, out), force: true }, context)).rejects.toMatchObject({ code: 'OUT_PROTECTED', exitCode: 2 });
    await exportAdapter(unchecked(adapter, 'peft', empty), context);
    expect([readdirSync(empty).length, readdirSync(foreign)]).toEqual([2, ['diary.txt']]);
  });

  it.each(['gguf', 'peft'] as const)('as %s needs its folder to be there', async (to) => {
    const out = join(place, 'none', 'out');
    await expect(exportAdapter(unchecked(adapter, to, out), context)).rejects.toMatchObject({ code: 'FILE_MISSING', facts: { path: dirname(out) } });
    expect(existsSync(dirname(out))).toBe(false);
  });
});
