/** DoRA, LoRA+ and an adapter to go on from, through the command line: trained, cut short and resumed, exported, refused where they contradict. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunRecord } from '../../shared/domain/run-record.ts';
import { readPeftAdapter } from '../../compute/formats/adapters/peft-reader.ts';
import { eventsOf, type CliEnd } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { killAtStep, TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
const steps = ['--max-steps', '16', '--epochs', '100', '--batch-size', '4', '--gradient-accumulation', '2', '--save-steps', '3', '--warmup-steps', '2'];
const variant = ['--use-dora', 'true', '--loraplus-lr-ratio', '8', '--rank', '4', '--alpha', '8', '--dropout', '0.2', '--learning-rate', '0.004'];
const settings = [...steps, ...variant, '--target-modules', 'q_proj,v_proj,down_proj'];

let runs: TinyRuns;
const recordOf = (name: string): RunRecord => RunRecord.parse(parse(readFileSync(join(runs.out(name), 'run.yaml'), 'utf8')));
const card = (name: string): string => readFileSync(join(runs.out(name), 'card.md'), 'utf8');
const done = (end: CliEnd): CliEnd => {
  expect(end, end.stderr).toMatchObject({ code: 0 });
  return end;
};
const exported = (from: string, to: string, out: string): Promise<CliEnd> =>
  runs.lathe(['export', '--json', '--model', runs.model, '--adapter', runs.out(from), '--to', to, '--out', join(folder, out)]).ended;

describe('adapter variants', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder);
    const end = done(await runs.train('dora', settings).ended);
    for (const step of eventsOf(end, 'step')) expect(step['learning_rate_b']).toBeCloseTo(8 * Number(step['learning_rate']), 12);
    const [plan] = eventsOf(end, 'plan');
    expect(plan?.['optimizer']).toEqual(recordOf('dora').optimizer);
  }, 200_000);

  it('say in run.yaml, card.md and adapter_config.json what they are', () => {
    expect(recordOf('dora').optimizer).toEqual([
      { group: 'lora_A', learning_rate: 0.004, weight_decay: 0.01 },
      { group: 'lora_B', learning_rate: 0.032, weight_decay: 0.01 },
      { group: 'lora_magnitude_vector', learning_rate: 0.032, weight_decay: 0.01 },
    ]);
    expect(card('dora')).toContain('A DoRA adapter of rank 4');
    expect(card('dora')).toContain('8 times that of A');
    const adapter = readPeftAdapter(join(runs.out('dora'), 'adapter'));
    expect([...adapter.matrices.values()].every(({ magnitude }) => magnitude?.some((length) => length > 0))).toBe(true);
  });

  it('resume after a kill to the same bytes', async () => {
    const end = await killAtStep((options) => runs.train('killed', settings, options), 7, 10);
    expect(end.signal).toBe('SIGKILL');
    done(await runs.resume('killed').ended);
    expect(runs.result('killed')).toEqual(runs.result('dora'));
  });

  it('export DoRA merged and as PEFT folder, proven in llama.cpp, and never as GGUF adapter', async () => {
    for (const [to, out] of [
      ['merged-gguf', 'merged.gguf'],
      ['merged-safetensors', 'merged'],
      ['peft', 'peft'],
    ] as const) {
      const end = done(await exported('dora', to, out));
      expect(end.events.at(-1)?.['check'], to).not.toBeNull();
    }
    const refused = await exported('dora', 'gguf', 'never.gguf');
    expect(refused.code).toBe(2);
    expect(refused.events.at(-1)).toMatchObject({ event: 'error', code: 'ADAPTER_NOT_IN_GGUF', message: 'A GGUF adapter cannot hold DoRA (use_dora)' });
    expect(String(refused.events.at(-1)?.['remedy'])).toContain('--to merged-gguf');
    expect(existsSync(join(folder, 'never.gguf'))).toBe(false);
  });

  it('go on from a run: its sizes, its weights, its descent', async () => {
    const start = ['--init-adapter', runs.out('dora'), ...steps.with(1, '3'), '--learning-rate', '1e-9'];
    done(await runs.train('second', start).ended);
    const { config, lineage } = recordOf('second');
    expect(config.lora).toMatchObject({ rank: 4, alpha: 8, use_dora: true, dropout: 0.2, target_modules: ['down_proj', 'q_proj', 'v_proj'] });
    expect(lineage).toEqual([
      { path: join(runs.out('dora'), 'adapter'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, run: recordOf('dora').run },
    ]);
    expect(card('second')).toContain(`| goes on from | ${join(runs.out('dora'), 'adapter')} (run ${recordOf('dora').run}, SHA-256`);
    // At this rate the weights stay what they were.
    const [before, after] = ['dora', 'second'].map((name) => readPeftAdapter(join(runs.out(name), 'adapter')).matrices);
    for (const [module, { b, magnitude }] of before ?? []) {
      expect(after?.get(module)?.b[3]).toBeCloseTo(b[3] ?? NaN, 5);
      expect(after?.get(module)?.magnitude?.[0]).toBeCloseTo(magnitude?.[0] ?? NaN, 4);
    }
    done(await runs.train('third', ['--init-adapter', runs.out('second'), ...steps.with(1, '2')]).ended);
    expect(recordOf('third').lineage.map(({ run }) => run)).toEqual([recordOf('second').run, recordOf('dora').run]);
  });

  it('go on from a GGUF adapter', async () => {
    done(await runs.train('plain', [...steps, '--rank', '4', '--use-rslora', 'true', '--learning-rate', '0.01', '--target-modules', 'q_proj,k_proj']).ended);
    done(await exported('plain', 'gguf', 'plain.gguf'));
    done(await runs.train('from-gguf', ['--init-adapter', join(folder, 'plain.gguf'), ...steps.with(1, '2')]).ended);
    // Rank-stabilised scaling is folded into GGUF's alpha: 32 / sqrt(4) = 64 / 4.
    expect(recordOf('from-gguf').config.lora).toMatchObject({ rank: 4, alpha: 64, use_rslora: false, use_dora: false, target_modules: ['k_proj', 'q_proj'] });
  });

  it.each([
    [['--rank', '8'], 'lora.rank is 8, but the adapter to go on from has 4'],
    [['--use-dora', 'false'], 'lora.use_dora is false, but the adapter to go on from has true'],
    [['--target-modules', 'all-linear'], 'lora.target_modules is all-linear, but the adapter to go on from has down_proj,q_proj,v_proj'],
    [['--mode', 'full'], 'training.mode full trains every weight'],
  ])('refuse what contradicts it: %j', async (flags, problem) => {
    const end = await runs.train(`refused ${flags.join('')}`, ['--init-adapter', runs.out('dora'), ...flags]).ended;
    expect(end.code).toBe(2);
    expect(String(end.events.at(-1)?.['message'])).toContain(problem);
  });

  it('take the same settings where they agree', async () => {
    const plan = done(
      await runs.lathe(['plan', '--json', '--model', runs.model, '--data', runs.data, '--init-adapter', runs.out('dora'), '--rank', '4']).ended,
    );
    expect(plan.events.at(-1)?.['config']).toMatchObject({ lora: { rank: 4, alpha: 8, use_dora: true } });
  });
});
