/** The priority of a process, set where it may be, and a word where not. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPriority } from './priority.ts';

/** Sets the priority in a process of its own, since it cannot be raised again, and prints the nice values of its threads. */
function niceValues(priority: string): readonly string[] {
  const program = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { applyPriority } from ${JSON.stringify(join(import.meta.dirname, 'priority.ts'))};
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

describe('the priority', () => {
  it.skipIf(process.platform !== 'linux')('low: of every thread; normal: as it was', () => {
    expect(niceValues('low')).toEqual(['19']);
    expect(niceValues('normal')).not.toContain('19');
  });

  it('stays as it is where it may not be changed, and says so once', () => {
    const refuse = (): never => {
      throw new Error('EPERM');
    };
    expect(applyPriority('low', refuse)).toBe('The scheduling priority stays as it is (EPERM).');
    expect(applyPriority('normal', refuse)).toBeNull();
  });
});
