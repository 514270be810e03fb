/** The evaluate job where it can be stopped, and prompts that nothing can be made of. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobOf } from '../../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../../shared/contracts/run-events.ts';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../../../test/support/tiny-model.ts';
import { evaluate } from './evaluate.ts';
import { generate } from './generate.ts';

const folder = temporaryFolder();
const engine = { cpu: cpuDefaults(1), precision: 'fp32' as const };

describe('a job on a tiny model', () => {
  it('can be stopped while the losses are computed', async () => {
    const job: JobOf<'evaluate'> = {
      ...{ kind: 'evaluate', model: await writeTinyModel(join(folder, 'model')), adapter: null, data: writeTinyData(join(folder, 'rows.jsonl'), 8) },
      ...{ rows: { columns: {}, chatTemplate: null, maxSeqLength: 256, trainOn: 'assistant' }, engine },
      ...{ exactMatch: true, maxNewTokens: 4, limit: null, rowsPath: null },
    };
    const stop = new AbortController();
    const events: JobEvent[] = [];
    const emit = (event: JobEvent): void => {
      events.push(event);
      stop.abort();
    };
    await expect(evaluate(job, { emit, signal: stop.signal, cacheDirectory: folder })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(events).toEqual([{ event: 'progress', what: 'losses', done: 1, total: 8 }]);
  });

  it('refuses a prompt without a token', async () => {
    const sampling = { maxTokens: 4, temperature: 0, topP: 1, seed: 1 };
    const model = await writeTinyModel(join(folder, 'model'));
    const job: JobOf<'generate'> = { kind: 'generate', model, adapter: null, prompt: '', system: null, chat: false, ...sampling, engine };
    const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder };
    await expect((async () => generate(job, context))()).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('says so where the model gives no numbers, instead of writing token 0', async () => {
    const sampling = { maxTokens: 4, temperature: 0, topP: 1, seed: 1 };
    const model = await writeTinyModel(join(folder, 'broken'), { infinite: 'down_proj' });
    const job: JobOf<'generate'> = { kind: 'generate', model, adapter: null, prompt: 'modem', system: null, chat: false, ...sampling, engine };
    const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder };
    await expect(generate(job, context)).rejects.toMatchObject({ code: 'LOGITS_NOT_FINITE' });
  });
});
