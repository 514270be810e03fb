/** In step over a server that both drivers take for a HANA: cut anywhere, killed between commit and mark, and as `lathe sync` has it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { migrateSchema } from '../../main/services/hana/schema/migrate-schema.ts';
import { findPaths } from '../../main/platform/paths.ts';
import { Database } from '../../main/store/database.ts';
import { openStore } from '../../main/store/store.ts';
import { ownFolder } from '../support/empty-store.ts';
import { HanaHome } from '../support/hana-home.ts';
import { driversToTest, startHana, whyNoHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { SyncDevice } from '../support/sync-devices.ts';
import { addRun } from '../support/sync-homes.ts';
import { storm, type StormHana } from '../support/sync-storm.ts';

let server: HanaServer | null = null;
let hana: TestHanaProcess | null = null;
afterEach(async () => {
  hana?.process.close();
  await server?.stop();
});

async function begin(driver: 'hdb' | 'hana-client', file?: string): Promise<{ server: HanaServer; hana: TestHanaProcess; open: TestHanaProcess['open'] }> {
  server = await startHana({ ...(file === undefined ? {} : { file }), lockWaitMs: 3_000 });
  hana = startHanaProcess();
  const started = { server, hana };
  const open: TestHanaProcess['open'] = () => started.hana.open(started.server.connection({ driver }));
  const session = await open(started.server.connection());
  await migrateSchema({ session, holder: 'a test', lathe: '0.0.1' });
  await session.close();
  return { ...started, open };
}

describe.each(driversToTest)('with $driver', ({ driver, missing }) => {
  it.skipIf(missing !== null)(`three devices agree in the end, and nothing vanishes`, { timeout: 120_000 }, async () => {
    const { server: cut, open } = await begin(driver);
    const place = cut.connection();
    const over: StormHana = {
      open: () => open(place),
      cutAt: (at, when) => (at === null ? cut.faults() : cut.faults({ at: at + 1, fault: { drop: when } })),
      all: async (sql) => {
        const session = await open(place);
        const rows = await session.query(sql);
        await session.close();
        return rows;
      },
    };
    const { cuts } = await storm(over, { seed: driver === 'hdb' ? 7 : 8, steps: 50 });
    expect(cuts).toBeGreaterThan(0);
  });

  it.skipIf(missing !== null)('a commit that is cut off marks nothing, and what came through is found', { timeout: 60_000 }, async () => {
    const { server: cut, open } = await begin(driver);
    const bob = new SyncDevice(ownFolder(), 'bob');
    const text = `😀 ${'x'.repeat(1_100_000)} Übung`;
    for (const drop of ['before', 'after'] as const) {
      const ann = new SyncDevice(ownFolder(), `of ${drop}`);
      ann.change('run', `of ${drop}`, { text, drop });
      await cut.faults({ match: '^COMMIT$', fault: { drop } });
      const session = await open(cut.connection());
      await expect(ann.sync(session)).rejects.toMatchObject({ code: 'HANA_LOST' });
      await session.close();
      expect(ann.store.outbox.size()).toMatchObject({ pending: 0, sending: 1 });
      await cut.faults();
      const next = await open(cut.connection());
      await ann.sync(next);
      await next.close();
      expect(ann.store.outbox.size()).toMatchObject({ pending: 0, sending: 0 });
      ann.close();
    }
    const session = await open(cut.connection());
    await bob.sync(session);
    const operations = await session.query('SELECT OP_ID, SEQ FROM LATHE_SYNC_OPS');
    expect(operations).toHaveLength(2);
    for (const drop of ['before', 'after']) expect(bob.thing('run', `of ${drop}`)).toEqual({ text, drop });
    await session.close();
    bob.close();
  });
});

describe.skipIf(whyNoHana !== null)(`lathe sync (${whyNoHana ?? 'here'})`, () => {
  it('tells and reads; killed between commit and mark it goes on where it was', { timeout: 180_000 }, async () => {
    const folder = ownFolder();
    const file = join(folder, 'hana.sqlite');
    const { server: cut } = await begin('hdb', file);
    const [ann, bob] = ['ann', 'bob'].map((name) => new HanaHome(join(folder, name))) as [HanaHome, HanaHome];
    for (const home of [ann, bob]) {
      await home.keepPassword();
      await home.lathe(['hana', 'add', 'office', '--host', '127.0.0.1', '--port', String(cut.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt']);
      expect(await home.lathe(['hana', 'connect', 'office'])).toMatchObject({ code: 0 });
    }
    addRun(findPaths({ LATHE_HOME: ann.home }), 'ann-0', 0);
    expect(await ann.lathe(['repair'])).toMatchObject({ code: 0 });
    const registered = await ann.lathe(['registry', 'register', 'support', '--run', 'ann-0', '--description', 'the first', '--json']);
    expect([registered.code, registered.stderr]).toEqual([0, '']);
    await cut.faults({ match: '^COMMIT$', at: 1, fault: { delayMs: 4_000 } });
    const entry = join(import.meta.dirname, '..', '..', 'main', 'cli', 'bin.js');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'sync', '--once'], {
      env: { ...process.env, NODE_OPTIONS: '', LATHE_HOME: ann.home, LATHE_SECRET_KEY: 'a-passphrase-of-tests' },
      stdio: 'ignore',
    });
    const looking = new Database(file, keepingLogger(), { readonly: true });
    const count = (): number => Number(looking.prepare('SELECT count(*) AS c FROM LATHE_SYNC_OPS').get()?.['c']);
    while (count() === 0 && child.exitCode === null) await pause(20);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = openStore(join(ann.home, 'lathe.db'), keepingLogger());
    const left = store.outbox.size();
    store.close();
    expect([left.sending, left.pending]).toEqual([count(), 0]);
    await pause(4_000);
    const once1 = await ann.lathe(['sync', '--once', '--json']);
    expect([once1.code, once1.last]).toEqual([0, expect.objectContaining({ event: 'done', pending: 0, late: 0 })]);
    const operations = looking.prepare('SELECT ENTITY, ROW_ID, count(*) AS c FROM LATHE_SYNC_OPS GROUP BY ENTITY, ROW_ID').all();
    expect(operations.filter(({ c }) => c !== 1)).toEqual([]);
    looking.close();

    expect(await bob.lathe(['sync'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/\d+ told, \d+ read/) as string });
    expect((await bob.lathe(['registry', 'show', 'support@1.0.0'])).stdout).toContain('the first');
    expect((await bob.lathe(['sync', '--status'])).stdout).toMatch(/The last round went through/);
    expect((await bob.lathe(['sync', 'conflicts'])).stdout).toMatch(/Nothing is open/);
    // The password is in no file and was never said.
    expect([...ann.traces('A-secret-that-nobody'), ...bob.traces('A-secret-that-nobody')]).toEqual([]);
  });
});
