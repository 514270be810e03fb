/** A real model through the whole chain: fine-tuned, better on rows it never saw, exported, and proven in llama.cpp. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, lathe, type CliEnd } from './lathe-cli.ts';
import type { RealModel } from './real-models.ts';
import { findShared, withoutShared } from './smollm2.ts';
import { temporaryFolder } from './temporary-folder.ts';

const result = (end: CliEnd): Readonly<Record<string, unknown>> => eventsOf(end, 'done')[0] ?? {};

/** After one pass over so many rows the loss on others must be below `share` of the base model's. */
export function describeRealTraining(
  { name, path, missing: without }: RealModel,
  { rows: count, share }: { readonly rows: number; readonly share: number },
): void {
  const rows = findShared('data', 'train', 'arc_easy_train.jsonl');
  const missing = without ?? (rows === null ? withoutShared : null);
  const folder = temporaryFolder();

  describe.skipIf(missing !== null)(`${name} on ARC-Easy${missing === null ? '' : ` (SKIPPED: ${missing})`}`, () => {
    it('learns the form of the answers in a few steps, in the memory that was planned, and llama.cpp sees it', { timeout: 900_000 }, async () => {
      const lines = readFileSync(rows ?? '', 'utf8')
        .trim()
        .split('\n');
      const [train, held] = [join(folder, 'train.jsonl'), join(folder, 'held.jsonl')];
      writeFileSync(train, lines.slice(0, count).join('\n'));
      writeFileSync(held, lines.slice(count, count + 12).join('\n'));
      const base = ['--model', path ?? '', '--json'];
      const evaluate = ['evaluate', ...base, '--data', held, '--no-exact-match'];
      const before = await lathe(evaluate);
      const run = join(folder, 'run');
      const settings = ['--epochs', '1', '--batch-size', '8', '--gradient-accumulation', '1', '--learning-rate', '1e-3', '--warmup-steps', '1'];
      const trained = await lathe(['train', ...base, '--data', train, '--out', run, ...settings]);
      const after = await lathe([...evaluate, '--adapter', join(run, 'adapter')]);
      const exported = await lathe(['export', '--adapter', join(run, 'adapter'), '--to', 'gguf', '--out', join(folder, 'adapter.gguf'), '--json']);
      expect([before, trained, after, exported].map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([0, 0, 0, 0].map((code) => [code, '']));
      const { total_bytes: planned } = eventsOf(trained, 'plan')[0]?.['memory'] as { total_bytes: number };
      expect(Math.abs(planned / Number(result(trained)['peak_rss_bytes']) - 1)).toBeLessThan(0.15);
      expect(Number(result(after)['loss'])).toBeLessThan(share * Number(result(before)['loss']));
      expect(result(exported)['check']).toMatchObject({ prompts: 4 });
    });
  });
}
