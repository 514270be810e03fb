/** The main promise, from outside: `lathe demo` takes the embedded model from under 10 % to over 80 % and proves its export in llama.cpp. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { EvaluateResult, ExportCheck } from '../../shared/contracts/compute-jobs.ts';
import { VersionDetails } from '../../shared/contracts/registry-calls.ts';
import { runLathe } from '../support/run-lathe.ts';

const home = mkdtempSync(join(tmpdir(), 'lathe-demo-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});

const Done = z.object({
  event: z.literal('done'),
  before: EvaluateResult,
  after: EvaluateResult,
  paired_test: z.object({ gained: z.number(), lost: z.number(), p: z.number() }),
  export: z.object({ path: z.string(), check: ExportCheck }),
  version: z.string(),
  seconds: z.number(),
});

it('lathe demo: from under 10 % to over 80 % exact match, with an export that llama.cpp agrees with', { timeout: 600_000 }, async () => {
  const out = join(home, 'run');
  const ended = await runLathe(['demo', '--json', '--out', out], { home });
  expect(ended.stderr).toBe('');
  expect(ended.code).toBe(0);
  const { before, after, paired_test: paired, export: exported, version } = Done.parse(ended.json().at(-1));
  expect(before.rows).toBeGreaterThanOrEqual(200);
  expect(before.exact_match).toBeLessThan(0.1);
  expect(after.exact_match).toBeGreaterThan(0.8);
  expect(after.exact_match_stderr).toBeLessThan(0.05);
  expect(paired.p).toBeLessThan(1e-6);
  expect(paired.gained - paired.lost).toBe(Math.round(((after.exact_match ?? 0) - (before.exact_match ?? 0)) * before.rows));
  expect(existsSync(exported.path)).toBe(true);
  expect(existsSync(join(out, 'adapter', 'adapter_model.safetensors'))).toBe(true);
  expect(exported.check.effect).toBeGreaterThan(1);
  expect(exported.check.adapter_disagreement).toBeLessThan(0.02);
  expect(version).toBe('lathe-demo@1.0.0');
  const shown = await runLathe(['registry', 'show', version, '--json'], { home });
  const { metrics, record } = VersionDetails.parse(shown.json().at(-1));
  expect(metrics).toMatchObject({ test_exact_match: after.exact_match, base_test_exact_match: before.exact_match });
  expect(record.artifacts.map(({ path }) => path)).toContain('adapter.gguf');
  expect(exported.check.greedy.some(({ base, adapted }) => base !== adapted)).toBe(true);
});
