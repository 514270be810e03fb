/** A clock that is set forward and back by hours while Lathe works: nothing is lost, done twice or brought out of its order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sessions } from '../../main/rest/sessions.ts';
import { Answers } from '../../main/services/answers.ts';
import { makeBackup } from '../../main/services/backup/make-backup.ts';
import { openBackup } from '../../main/services/backup/open-backup.ts';
import { Tokens } from '../../main/services/tokens.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testActor, testCore, type TestCore } from '../support/test-core.ts';

const folder = temporaryFolder();
const hourMs = 3_600_000;
const jumps = [5, -9, 3, -4, 7] as const;
let ms = 0;
const now = (): Date => new Date((ms += 1));
const jump = (hours: number): void => void (ms += hours * hourMs);
const iso = (hours: number): string => new Date(ms + hours * hourMs).toISOString();
let number = 0;
let core: TestCore;
beforeEach(() => {
  ms = Date.UTC(2026, 0, 31, 12);
  const home = join(folder, String((number += 1)));
  mkdirSync(home);
  core = testCore(home, { now });
});
afterEach(async () => {
  vi.useRealTimers();
  await core.close();
});

describe('a clock that jumps', () => {
  it('leaves the queue in its order, and runs with an end', async () => {
    const blocker = core.queue('obey');
    await core.until(blocker, ({ state, step }) => state === 'running' && step > 0);
    const waiting = jumps.map((hours) => {
      jump(hours);
      return core.queue('done');
    });
    expect(core.book.queue().map(({ run }) => run)).toEqual(waiting);
    const started: string[] = [];
    core.hub.subscribe(({ event, data }) => {
      if (event === 'run.changed' && data.state === 'running' && !started.includes(data.run)) started.push(data.run);
      jump(jumps[started.length % jumps.length] ?? 0);
    });
    core.runs.stop({ run: blocker, force: false }, { actor: testActor });
    for (const run of waiting) await core.until(run, ({ state }) => state === 'done');
    expect(started.filter((run) => run !== blocker)).toEqual(waiting);
    for (const run of waiting)
      expect(core.store.runs.get(run)).toMatchObject({ started: expect.any(String), ended: expect.any(String), attempt: 1, error: null });
    expect(core.store.runs.metrics(waiting[0] ?? '', 0, 9).steps.step).toEqual([7]);
  });

  it('leaves the audit log whole and in the order in which things were done', () => {
    for (const [index, hours] of jumps.entries()) {
      jump(hours);
      const audit = { actor: testActor, action: 'test', subject: String(index), before: null, after: null };
      core.ledger.record(() => ({ result: null, fact: { audit, outbox: [], events: [] } }));
    }
    expect(core.store.audit.verify()).toEqual({ rows: jumps.length, broken: null });
    const entries = core.store.audit.list({ limit: 9, before: null });
    expect(entries.map(({ subject }) => Number(subject))).toEqual([4, 3, 2, 1, 0]);
    expect(entries.map(({ at }) => at)).not.toEqual(
      entries
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
  });

  it('lets a token in while the clock says that it may, and a revoked one never', () => {
    const tokens = new Tokens({ store: core.store, ledger: core.ledger, now, home: core.paths.home, self: testActor });
    const made = tokens.create({ name: 'ci', role: 'viewer', expires: iso(2) }, testActor);
    const isIn = (): boolean => tokens.authenticate(made.token) !== null;
    expect(isIn()).toBe(true);
    jump(5);
    expect([isIn(), tokens.isLive(made.id)]).toEqual([false, false]);
    jump(-9);
    expect(isIn()).toBe(true);
    // Its last use is told by the clock that is right now, not by the one that was wrong.
    expect(core.store.tokens.find(made.id)?.last_used).toBe(new Date(Math.floor(ms)).toISOString());
    tokens.revoke('ci', testActor);
    for (const hours of jumps) {
      jump(hours);
      expect(isIn()).toBe(false);
    }
  });

  it('does what carries a key once', async () => {
    const answers = new Answers(core.store.answers, now);
    const ask = { caller: 'c', key: 'k', request: 'POST /x {}' };
    let count = 0;
    const act = () => Promise.resolve({ status: 202, body: String((count += 1)) });
    for (const hours of jumps) {
      expect(await answers.once(ask, act)).toMatchObject({ status: 202, body: '1' });
      jump(hours);
    }
    expect(count).toBe(1);
    core.store.answers.reserve({ caller: 'c', key: 'cut off' }, 'hash', iso(0));
    jump(-9);
    await expect(answers.once({ ...ask, key: 'cut off' }, act)).rejects.toMatchObject({ code: 'KEY_REUSED' });
  });

  it('neither ends a session nor makes it longer', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: ms });
    const sessions = new Sessions();
    const secret = sessions.open(sessions.newLink()) ?? '';
    for (const hours of [13, -26, 30]) {
      vi.setSystemTime(Date.now() + hours * hourMs);
      expect(sessions.isOpen(secret)).toBe(true);
    }
  });

  it('leaves the backup that was made last the newest', async () => {
    const to = join(folder, `backup-${number}`);
    const parts = { home: core.paths.home, store: core.store, now };
    const made: string[] = [];
    for (const hours of jumps) {
      jump(hours);
      made.push((await makeBackup(parts, { to, checkpoints: false })).manifest);
      expect(openBackup(to).path).toBe(made.at(-1));
    }
    expect(new Set(made).size).toBe(jumps.length);
  });
});
