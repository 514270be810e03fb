/** The priority of a process, set where it may be, and a word where not. */
import { spawnSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPriority } from './priority.ts';

/** Sets the priority in a process of its own, since it cannot be raised again, and prints the nice values of its threads. */
function niceValues(priority: string, start = 0): readonly string[] {
  const program = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority, setPriority } from 'node:os';
    import { applyPriority } from ${JSON.stringify(join(import.meta.dirname, 'priority.ts'))};
    if (${start} > getPriority(0)) for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), ${start});
    if (applyPriority(${JSON.stringify(priority)}) !== null) throw new Error('it was not permitted');
    const niceOf = (thread) => readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[16];
    console.log([...new Set(readdirSync('/proc/self/task').map(niceOf))].join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(stderr).toBe('');
  return stdout.trim().split(',');
}

/** As it is here: the tests themselves may run at a low one. */
const inherited = getPriority();

describe('the priority', () => {
  it.skipIf(process.platform !== 'linux')('low: of every thread, and never higher than it was; normal: as it was', () => {
    expect(niceValues('low')).toEqual([String(Math.max(10, inherited))]);
    expect(niceValues('low', 15)).toEqual([String(Math.max(15, inherited))]);
    expect(niceValues('normal')).toEqual([String(inherited)]);
  });

  it('stays as it is where it may not be changed, and says so once', () => {
    const set = (): never => {
      throw new Error('EPERM');
    };
    const system = { get: () => 0, set, threads: () => ['1', '2'] };
    expect(applyPriority('low', system)).toBe('The scheduling priority stays as it is (EPERM).');
    expect(applyPriority('normal', system)).toBeNull();
  });
});
