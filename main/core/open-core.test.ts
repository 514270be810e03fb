import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { ownFolder, testTime } from '../../test/support/empty-store.ts';
import type { KeptLine } from '../../test/support/keeping-logger.ts';
import { quietParts } from '../../test/support/quiet-core.ts';
import { writeRunFolder } from '../../test/support/run-folder.ts';
import { ownTicks } from '../platform/process-identity.ts';
import { takeHome } from './home-lock.ts';
import { readHostFile, writeHostFile } from './host-file.ts';
import { becomeHost, openDoor, openLastingDoor } from './open-core.ts';

describe('a door', () => {
  it('leads to a new host, the next ones to that, and the home is free when it has closed', async () => {
    const home = ownFolder();
    const own = await openDoor(quietParts(home));
    const attached = await openDoor(quietParts(home));
    expect([own.isOwn, attached.isOwn]).toEqual([true, false]);
    expect(await attached.call('host.status', {})).toMatchObject({ pid: process.pid, home, kind: 'command', attached: 0 });
    await expect(attached.call('runs.get', { run: 'none' })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await attached.close();
    await own.close();
    expect(readHostFile(home)).toBeNull();
    const next = await openDoor(quietParts(home));
    expect(next.isOwn).toBe(true);
    await next.close();
  });

  it('lets everybody hear what is changed through any', async () => {
    const home = ownFolder();
    const [own, attached] = [await openDoor(quietParts(home)), await openDoor(quietParts(home))];
    const heard: [string, CoreEvent['event']][] = [];
    await own.subscribe(({ event }) => heard.push(['own', event]));
    const stop = await attached.subscribe(({ event }) => heard.push(['attached', event]));
    const dir = writeRunFolder(`${home}/elsewhere`, { run: 'a', started: testTime, events: [] });
    expect(await attached.call('runs.adopt', { dir })).toMatchObject({ run: 'a', state: 'interrupted' });
    await expect.poll(() => heard.length).toBe(2);
    expect(heard.toSorted()).toEqual([
      ['attached', 'run.changed'],
      ['own', 'run.changed'],
    ]);
    stop();
    await own.close();
  });

  it('stays open for who still listens, unless it is told to end', async () => {
    for (const isAborted of [false, true]) {
      const home = ownFolder();
      const stay = new AbortController();
      let hasStayed = false;
      const own = await openDoor({ ...quietParts(home), onStay: () => ((hasStayed = true), stay.signal) });
      const attached = await openDoor(quietParts(home));
      const stop = await attached.subscribe(() => undefined);
      let isClosed = false;
      const closing = own.close().then(() => (isClosed = true));
      await expect.poll(() => hasStayed).toBe(true);
      expect([isClosed, (await attached.call('host.status', {})).attached]).toEqual([false, 1]);
      if (isAborted) stay.abort();
      else stop();
      await closing;
      await attached.close();
    }
  });

  it('is not opened to a host that speaks another contract', async () => {
    const home = ownFolder();
    const lock = takeHome(home);
    const theirs = { pid: process.pid, ticks: ownTicks(), kind: 'serve', version: '99.0.0', started: testTime, socket: '/s', secret: 'x' } as const;
    writeHostFile(home, { ...theirs, contract: 999 });
    await expect(openDoor(quietParts(home))).rejects.toMatchObject({ code: 'HOST_OTHER_VERSION', facts: { theirs: '99.0.0', pid: process.pid } });
    lock?.release();
  });

  it('that cannot be opened gives the home back', async () => {
    const home = ownFolder();
    writeFileSync(`${home}/lathe.db`, 'no database'.repeat(1_000));
    await expect(openDoor(quietParts(home))).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    const lock = takeHome(home);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});

describe('a host that serves', () => {
  const serve = (home: string, waited: unknown[] = [], lines: KeptLine[] = []) =>
    becomeHost({ ...quietParts(home, lines), kind: 'serve' }, ({ kind }) => waited.push(kind));

  it('waits for a command that has the home, and says so once', async () => {
    const home = ownFolder();
    const command = await openDoor(quietParts(home));
    const waited: unknown[] = [];
    const served = serve(home, waited);
    await expect.poll(() => waited).toEqual(['command']);
    await command.close();
    const { door, core } = await served;
    expect((await door.call('host.status', {})).kind).toBe('serve');
    expect([core.isBusy(), waited.length]).toEqual([false, 1]);
    await door.close();
  });

  it('does not wait for another that serves', async () => {
    const home = ownFolder();
    const { door } = await serve(home);
    await expect(serve(home)).rejects.toMatchObject({ code: 'HOME_HOSTED', facts: { pid: process.pid, what: 'serve' } });
    await door.close();
  });
});

it('a lasting door starts one host, and leads to that', async () => {
  const home = ownFolder();
  let started = 0;
  let hosted: ReturnType<typeof becomeHost> | undefined;
  const start = (): void => {
    started += 1;
    hosted = becomeHost({ ...quietParts(home), kind: 'detached' }, () => undefined);
  };
  const door = await openLastingDoor(quietParts(home), start);
  const again = await openLastingDoor(quietParts(home), start);
  expect([door.isOwn, again.isOwn, started, (await door.call('host.status', {})).kind]).toEqual([false, false, 1, 'detached']);
  await (await hosted)?.door.close();
});
