/** Ten thousand operations that waited go up within a minute, and the process that sends them answers others meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { migrateSchema } from '../../main/services/hana/schema/migrate-schema.ts';
import { ownFolder } from '../support/empty-store.ts';
import { driversToTest, startHana, type HanaServer } from '../support/hana-server.ts';
import { startHanaProcess, type TestHanaProcess } from '../support/hana-sessions.ts';
import { SyncDevice } from '../support/sync-devices.ts';

const waiting = 10_000;
let server: HanaServer | null = null;
let hana: TestHanaProcess | null = null;
afterEach(async () => {
  hana?.process.close();
  await server?.stop();
});

describe.each(driversToTest)('with $driver', ({ driver, missing }) => {
  it.skipIf(missing !== null)('ten thousand operations drain', async () => {
    server = await startHana();
    hana = startHanaProcess();
    const session = await hana.open(server.connection({ driver }));
    await migrateSchema({ session, holder: 'a test', lathe: '0.0.1' });
    const [ann, bob] = ['ann', 'bob'].map((name) => new SyncDevice(ownFolder(), name)) as [SyncDevice, SyncDevice];
    const payload = { config: 'x'.repeat(1_500), state: 'done', loss: 0.5 };
    ann.store.transaction(() => {
      for (let i = 0; i < waiting; i += 1) ann.store.outbox.put({ entity: 'run', id: `run-${i}`, schema: 1, payload: { ...payload, i } }, new Date());
    });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const began = performance.now();
    expect(await ann.sync(session)).toMatchObject({ sent: waiting, parked: 0 });
    const seconds = (performance.now() - began) / 1_000;
    const [longest, usual] = [delay.max / 1e6, delay.percentile(99) / 1e6];
    delay.reset();
    const middle = performance.now();
    expect(await bob.sync(session)).toMatchObject({ read: waiting });
    const [readSeconds, readLongest] = [(performance.now() - middle) / 1_000, delay.max / 1e6];
    process.stdout.write(`${JSON.stringify({ driver, seconds, longest, usual, readSeconds, readLongest })}\n`);
    expect(seconds).toBeLessThan(60);
    expect(bob.things.size).toBe(waiting);
    ann.close();
    bob.close();
    await session.close();
  });
});
