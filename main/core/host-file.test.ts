import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFolder, testTime } from '../../test/support/empty-store.ts';
import { ownTicks } from '../platform/process-identity.ts';
import { livingHost, readHostFile, removeHostFile, writeHostFile, type HostFile } from './host-file.ts';

const mine = (said: Partial<HostFile> = {}): HostFile => ({
  ...{ pid: process.pid, ticks: ownTicks(), kind: 'serve', version: '0.1.0', contract: 1, started: testTime, socket: '/s', secret: 'x' },
  ...said,
});

describe('host.json', () => {
  it('is read as it was written, by its user alone, until it is removed', () => {
    const home = ownFolder();
    writeHostFile(home, mine());
    expect(readHostFile(home)).toEqual(mine());
    if (process.platform !== 'win32') expect(statSync(join(home, 'host.json')).mode & 0o777).toBe(0o600);
    writeHostFile(home, mine({ socket: null }));
    expect(readHostFile(home)?.socket).toBeNull();
    removeHostFile(home);
    removeHostFile(home);
    expect(readHostFile(home)).toBeNull();
  });

  it.each(['', '{', '{}', 'null', '{"pid":"1"}'])('that holds %j is none', (text) => {
    const home = ownFolder();
    writeFileSync(join(home, 'host.json'), text);
    expect([readHostFile(home), livingHost(home)]).toEqual([null, null]);
  });

  it('names an owner only while that lives, and no later process with its number', () => {
    const home = ownFolder();
    writeHostFile(home, mine());
    expect(livingHost(home)?.pid).toBe(process.pid);
    writeHostFile(home, mine({ pid: 2 ** 22 + 1 }));
    expect([livingHost(home), readHostFile(home)?.pid]).toEqual([null, 2 ** 22 + 1]);
    writeHostFile(home, mine({ ticks: '1' }));
    expect(livingHost(home) === null).toBe(process.platform === 'linux');
  });
});
