/** The AMX product over software tiles: a build of its own, then every product test of that row. Machines without AVX512-BF16 have no such row. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadAddon } from '../../../compute/tensor/load-addon.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'lathe-emulated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
}

it.skipIf(!loadAddon().features().includes('avx512bf16'))('multiplies as the reference does', () => {
  const modules = join(root, 'node_modules');
  const includes = [`-DNODE_API_INCLUDE=${join(modules, 'node-api-headers', 'include')}`, `-DNODE_ADDON_API_INCLUDE=${join(modules, 'node-addon-api')}`];
  run('cmake', ['-S', join(root, 'compute', 'native'), '-B', folder, '-DLATHE_AMX_EMULATION=ON', ...includes]);
  run('cmake', ['--build', folder, '-j', '2']);
  const addon = join(folder, 'lathe.node');
  expect(existsSync(addon)).toBe(true);

  const report = join(folder, 'report.json');
  const tests = [
    'run',
    '--project',
    'unit',
    'test/parity/kernels/gemm.test.ts',
    '-t',
    'gemm_bf16_32x32_amx_emulated',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  run(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), ...tests], { LATHE_ADDON: addon, LATHE_SKIP_BUILD: '1' });
  const passed = /"numPassedTests":(\d+)/.exec(readFileSync(report, 'utf8'))?.[1];
  expect(Number(passed)).toBeGreaterThan(80);
});
