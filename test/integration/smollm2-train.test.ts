/** A real model through the whole chain: fine-tuned, better on rows it never saw, exported, and proven in llama.cpp. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, lathe, type CliEnd } from '../support/lathe-cli.ts';
import { findShared, findSmollm2, withoutShared, withoutSmollm2 } from '../support/smollm2.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const [model, rows] = [findSmollm2(), findShared('data', 'train', 'arc_easy_train.jsonl')];
const missing = model === null ? withoutSmollm2 : rows === null ? withoutShared : null;
const folder = temporaryFolder();

const result = (end: CliEnd): Readonly<Record<string, unknown>> => eventsOf(end, 'done')[0] ?? {};

describe.skipIf(missing !== null)(`SmolLM2 on ARC-Easy${missing === null ? '' : ` (SKIPPED: ${missing})`}`, () => {
  it('learns the form of the answers in a few steps, and llama.cpp sees it', { timeout: 600_000 }, async () => {
    const lines = readFileSync(rows ?? '', 'utf8')
      .trim()
      .split('\n');
    const [train, held] = [join(folder, 'train.jsonl'), join(folder, 'held.jsonl')];
    writeFileSync(train, lines.slice(0, 64).join('\n'));
    writeFileSync(held, lines.slice(64, 88).join('\n'));
    const base = ['--model', model ?? '', '--json'];
    const before = await lathe(['evaluate', ...base, '--data', held]);
    const run = join(folder, 'run');
    const settings = ['--epochs', '1', '--batch-size', '8', '--gradient-accumulation', '1', '--learning-rate', '1e-3', '--warmup-steps', '1'];
    const trained = await lathe(['train', ...base, '--data', train, '--out', run, ...settings]);
    const after = await lathe(['evaluate', ...base, '--data', held, '--adapter', join(run, 'adapter')]);
    const exported = await lathe(['export', '--adapter', join(run, 'adapter'), '--to', 'gguf', '--out', join(folder, 'adapter.gguf'), '--json']);
    expect([before.code, trained.code, after.code, exported.code]).toEqual([0, 0, 0, 0]);
    expect(Number(result(after)['loss'])).toBeLessThan(0.6 * Number(result(before)['loss']));
    expect(result(exported)['check']).toMatchObject({ prompts: 4 });
  });
});
