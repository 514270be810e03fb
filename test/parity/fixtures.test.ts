/** The fixtures of every family under every instruction set of this machine, in fp32 and bf16. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runParity } from '../../compute/parity/run-parity.ts';
import { isas } from '../../shared/domain/isa.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { parityFolder } from '../support/parity-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const addon = loadAddon();
const best = isas.indexOf(addon.bestIsa());
const here = isas.filter((isa, rung) => isa !== 'neon' && rung <= best);
const families = [
  ...['llama', 'llama_untied_llama3rope', 'mistral', 'qwen2', 'qwen3', 'smollm3', 'granite', 'phi3', 'phi3_longrope_short', 'phi3_longrope_long'],
  ...['gemma2', 'gemma3_text', 'vaultgemma', 'granitemoehybrid_dense', 'granitemoehybrid_mamba'],
];
const fixtures = parityFolder ?? '';
const folder = temporaryFolder();

describe.skipIf(parityFolder === null)(`fixtures from PyTorch + PEFT${parityFolder === null ? ' (SKIPPED: no ../shared/parity)' : ''}`, () => {
  describe.each(here)('%s', (isa) => {
    it.each(['fp32', 'bf16'] as const)('%s is within the bounds', (precision) => {
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
