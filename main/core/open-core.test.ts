import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallName, CoreEvent } from '../../shared/contracts/calls.ts';
import { ownFolder, testTime } from '../../test/support/empty-store.ts';
import type { KeptLine } from '../../test/support/keeping-logger.ts';
import { quietParts } from '../../test/support/quiet-core.ts';
import { writeRunFolder } from '../../test/support/run-folder.ts';
import { ownTicks } from '../platform/process-identity.ts';
import type { Door } from './door.ts';
import { takeHome } from './home-lock.ts';
import { readHostFile, writeHostFile } from './host-file.ts';
import { attachedDoor } from './attached-door.ts';
import type { Core } from './core.ts';
import { becomeHost, openCore, openDoor, openLastingDoor } from './open-core.ts';

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

async function hosting(home: string) {
  const { own } = await openCore(quietParts(home));
  if (own === null) throw new Error('somebody else has this home');
  return own;
}

/** Calls of this name wait until they are let go. */
function hold(core: Core, name: CallName): { readonly begun: () => number; readonly letGo: () => void } {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const dispatch = core.dispatcher.dispatch.bind(core.dispatcher);
  let begun = 0;
  core.dispatcher.dispatch = async (asked, ...rest) => {
    if (asked === name) {
      begun += 1;
      await held;
    }
    return dispatch(asked, ...rest);
  };
  return { begun: () => begun, letGo: () => letGo() };
}

/** To the host of this moment, and to no other. */
function doorAsItStands(home: string): Door {
  const { socket, secret } = readHostFile(home) ?? {};
  return attachedDoor({ home, socket: socket ?? '', secret: secret ?? '' });
}

const ending = expect.objectContaining({ code: 'HOST_ENDING' }) as unknown;

describe('a host that ends', () => {
  it('answers the calls that it has begun before', async () => {
    const home = ownFolder();
    const { core, door } = await hosting(home);
    const attached = await openDoor(quietParts(home));
    const held = hold(core, 'tokens.list');
    const answer = attached.call('tokens.list', {});
    await expect.poll(held.begun).toBe(1);
    let hasEnded = false;
    const ended = door.close().then(() => (hasEnded = true));
    await pause(300);
    expect(hasEnded).toBe(false);
    held.letGo();
    expect(await answer).toEqual({ tokens: [] });
    await ended;
    await attached.close();
  });

  it('leaves a late call to the next host, and that is who called', async () => {
    const home = ownFolder();
    const { door } = await hosting(home);
    const attached = await openDoor(quietParts(home));
    const ended = door.close();
    expect([await attached.call('tokens.list', {}), attached.isOwn]).toEqual([{ tokens: [] }, true]);
    await ended;
    await attached.close();
  });

  it('tells those who knocked before it ended that nothing was begun', async () => {
    const home = ownFolder();
    const { core, door } = await hosting(home);
    const held = hold(core, 'tokens.list');
    const there = doorAsItStands(home);
    const answers = Array.from({ length: 20 }, () => there.call('tokens.list', {}));
    const listening = there.subscribe(() => undefined);
    const ended = door.close();
    const settled = await Promise.allSettled([...answers, listening]);
    expect(settled).toEqual(settled.map(() => ({ status: 'rejected', reason: ending })));
    expect(held.begun()).toBe(0);
    await ended;
  });
});

describe('a host that serves', () => {
  it('takes no work any more when it is told to end, and answers what it is asked', async () => {
    const home = ownFolder();
    const { core, door } = await becomeHost({ ...quietParts(home), kind: 'serve' }, () => undefined);
    const held = hold(core, 'tokens.list');
    const there = doorAsItStands(home);
    const answer = there.call('tokens.list', {});
    await expect.poll(held.begun).toBe(1);
    const ended = door.close();
    const config = { model: '/m', data: { path: '/d' } };
    await expect(there.call('runs.start', { config })).rejects.toEqual(ending);
    await expect(there.subscribe(() => undefined)).rejects.toEqual(ending);
    expect(await there.call('runs.list', {})).toEqual({ runs: [], next: null });
    held.letGo();
    expect(await answer).toEqual({ tokens: [] });
    await ended;
    await expect(there.call('runs.list', {})).rejects.toEqual(ending);
  });

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
