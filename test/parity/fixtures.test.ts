/** The fixtures of every family, and the adapter variants beside this file, under every instruction set of this machine, in fp32 and bf16. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runParity } from '../../compute/parity/run-parity.ts';
import { isaLadder } from '../../shared/domain/isa.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { parityFolder } from '../support/parity-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const addon = loadAddon();
const here = isaLadder(process.arch, addon.bestIsa()).toReversed();
const families = [
  ...['llama', 'llama_untied_llama3rope', 'mistral', 'qwen2', 'qwen3', 'smollm3', 'granite', 'phi3', 'phi3_longrope_short', 'phi3_longrope_long'],
  ...['gemma2', 'gemma3_text', 'vaultgemma', 'granitemoehybrid_dense', 'granitemoehybrid_mamba'],
];
const fixtures = parityFolder ?? '';
const folder = temporaryFolder();

describe.skipIf(parityFolder === null)(`fixtures from PyTorch + PEFT${parityFolder === null ? ' (SKIPPED: no ../shared/parity)' : ''}`, () => {
  describe.each(here)('%s', (isa) => {
    it.each(['fp32', 'bf16'] as const)('%s is within the bounds', { timeout: 120_000 }, (precision) => {
      addon.configure({ isa, threads: 2 });
      const { families: rows, passed } = runParity({ fixtures, families, precision });
      expect(rows.map(({ family, verdict, problem }) => ({ family, verdict, problem }))).toEqual(
        families.map((family) => ({ family, verdict: 'passed', problem: null })),
      );
      expect(passed).toBe(true);
      expect(addon.memory().liveTensors).toBe(0);
    });
  });

  it('names a family that this version does not know', () => {
    cpSync(join(fixtures, 'llama'), join(folder, 'unheard'), { recursive: true });
    for (const name of ['config.json', 'config.legacy.json']) {
      const path = join(folder, 'unheard', name);
      writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), model_type: 'unheard' }));
    }
    const { families: rows, passed } = runParity({ fixtures: folder, families: ['unheard'], precision: 'fp32' });
    expect(rows[0]?.verdict).toBe('unsupported');
    expect(rows[0]?.problem).toContain('unheard');
    expect(passed).toBe(false);
  });
});

describe('variants from PEFT', () => {
  const variants = fileURLToPath(new URL('peft/fixtures', import.meta.url));
  const names = ['dora', 'dora_bias', 'dora_fused', 'dora_rslora_patterns', 'gemma3_images', 'mamba_groups', 'rslora_patterns'];

  describe.each(here)('%s', (isa) => {
    it.each(['fp32', 'bf16'] as const)('%s is within the bounds', (precision) => {
      addon.configure({ isa, threads: 2 });
      const { families: rows } = runParity({ fixtures: variants, families: null, precision });
      expect(rows.map(({ family, verdict, problem }) => ({ family, verdict, problem }))).toEqual(
        names.map((family) => ({ family, verdict: 'passed', problem: null })),
      );
      expect(addon.memory().liveTensors).toBe(0);
    });
  });

  it('would show a magnitude left alone, a scale of plain LoRA, and a pattern passed over', () => {
    addon.configure({ isa: addon.bestIsa(), threads: 2 });
    const spoilt = join(folder, 'variants', 'spoilt');
    const changes: Record<string, object> = {
      dora: { lora_alpha: 8.01 },
      dora_rslora_patterns: { use_rslora: false },
      rslora_patterns: { alpha_pattern: {} },
    };
    for (const [name, change] of Object.entries(changes)) {
      cpSync(join(variants, name), join(spoilt, name), { recursive: true });
      const config = join(spoilt, name, 'adapter', 'adapter_config.json');
      writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...change }));
    }
    const { families: rows } = runParity({ fixtures: spoilt, families: null, precision: 'fp32' });
    expect(rows.map(({ verdict, problem }) => [verdict, problem?.includes('logits')])).toEqual(Object.keys(changes).map(() => ['failed', true]));
  });

  it.each([
    ['lora_bias', { lora_bias: true }],
    ['modules_to_save', { modules_to_save: ['lm_head'] }],
    ['init_lora_weights', { init_lora_weights: 'pissa' }],
  ])('refuses %s by name', (key, change) => {
    const refused = join(folder, 'variants', key);
    cpSync(join(variants, 'dora'), join(refused, 'dora'), { recursive: true });
    const config = join(refused, 'dora', 'adapter', 'adapter_config.json');
    writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...change }));
    const { families: rows, passed } = runParity({ fixtures: refused, families: null, precision: 'fp32' });
    expect(rows[0]?.problem).toContain(`key ${key}`);
    expect(passed).toBe(false);
  });
});
