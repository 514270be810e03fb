/** The kernels without Node: on emulated ARM machines, with and without newer instructions, and under the address and undefined-behaviour sanitizers. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): { readonly status: number | null; readonly output: string } {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

const builds = temporaryFolder();

/** Builds the program with cmake in a folder of this name and returns its path. */
function build(name: string, settings: Readonly<Record<string, string>>): string {
  const folder = join(builds, name);
  const defined = Object.entries(settings).map(([setting, value]) => `-D${setting}=${value}`);
  for (const args of [
    ['-S', import.meta.dirname, '-B', folder, ...defined],
    ['--build', folder, '--parallel', String(Math.min(2, availableParallelism()))],
  ]) {
    const { status, output } = run('cmake', args);
    expect(status, output).toBe(0);
    expect(output).not.toMatch(/warning:/);
  }
  return join(folder, 'kernel-rows');
}

describe('kernel rows without Node', () => {
  it('agree with the reference on emulated ARM machines', ({ skip }) => {
    if (!runs('cmake', '--version')) skip('cmake is not here');
    if (!runs('aarch64-linux-gnu-g++', '--version')) skip('aarch64-linux-gnu-g++ is not here (Debian: g++-aarch64-linux-gnu)');
    if (!runs('qemu-aarch64', '--version')) skip('qemu-aarch64 is not here (Debian: qemu-user)');
    const program = build('arm', {
      CMAKE_SYSTEM_NAME: 'Linux',
      CMAKE_SYSTEM_PROCESSOR: 'aarch64',
      CMAKE_CXX_COMPILER: 'aarch64-linux-gnu-g++',
      CMAKE_EXE_LINKER_FLAGS: '-static',
    });
    for (const [cpu, features] of [
      ['cortex-a72', 'neon'],
      ['neoverse-n1', 'neon dotprod'],
      ['max', 'neon dotprod arm_bf16'],
    ] as const) {
      const { status, output } = run('qemu-aarch64', ['-cpu', cpu, program]);
      expect(output.split('\n')[0]?.trim(), cpu).toBe(features);
      expect(output).toMatch(/[1-9]\d* checks, 0 failures/);
      expect(status).toBe(0);
    }
  });

  it('touch no memory but their own and do nothing undefined', ({ skip }) => {
    if (process.platform !== 'linux') skip('the sanitizers are used on Linux only');
    if (!runs('cmake', '--version')) skip('cmake is not here');
    const program = build('sanitized', {
      CMAKE_CXX_FLAGS: '-g -fsanitize=address,undefined -fno-sanitize-recover=all',
      CMAKE_EXE_LINKER_FLAGS: '-fsanitize=address,undefined',
    });
    const { status, output } = run(program, [], { ASAN_OPTIONS: 'detect_leaks=0' });
    expect(output).toMatch(/[1-9]\d* checks, 0 failures/);
    expect(status, output).toBe(0);
  });
});
