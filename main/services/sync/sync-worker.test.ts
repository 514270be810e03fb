import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { emptyStore } from '../../../test/support/empty-store.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { SyncWorker, type SyncWorkerParts } from './sync-worker.ts';

const server = 'hana:443';

interface Started {
  readonly worker: SyncWorker;
  readonly logons: () => number;
}

/** A worker whose log-on fails so each time. */
function started(failure: AppError, changes: Partial<SyncWorkerParts> = {}): Started {
  let logons = 0;
  const worker = new SyncWorker({
    store: emptyStore().store,
    projection: undefined as never,
    connection: { id: 'office', onChange: () => undefined },
    open: () => {
      logons += 1;
      return Promise.reject(failure);
    },
    now: () => new Date(),
    log: keepingLogger(),
    lathe: '0.1.0',
    onChanged: () => undefined,
    onRound: () => Promise.resolve(),
    ...changes,
  });
  onTestFinished(() => worker.close());
  worker.start();
  return { worker, logons: () => logons };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 400 && !isSo(); look += 1) await pause(5);
  expect(isSo()).toBe(true);
}

it('logs on once where the log-on is refused, whatever waits, and again when the user has done something', async () => {
  const { worker, logons } = started(new AppError('HANA_LOGON_REFUSED', { server, user: 'LATHE' }));
  await until(() => worker.state.state === 'attention');
  worker.wake();
  await pause(700);
  expect(logons()).toBe(1);
  worker.userActed();
  await until(() => logons() === 2);
  await until(() => worker.state.state === 'attention');
});

it('waits by the clock where HANA cannot be reached, and what the user does elsewhere changes nothing of it', async () => {
  const { worker, logons } = started(new AppError('HANA_REFUSED', { server }), { now: () => new Date('2026-05-01T00:00:00.000Z') });
  await until(() => worker.state.state === 'offline');
  const { until: next } = worker.state;
  expect(next?.getTime()).toBeGreaterThan(Date.parse('2026-05-01T00:00:00.400Z'));
  const so = logons();
  worker.userActed();
  expect([worker.state.state, logons()]).toEqual(['offline', so]);
});

it('tries what others hold three times at once, then waits', async () => {
  const { worker, logons } = started(new AppError('HANA_BUSY', { server, number: 131 }));
  await until(() => worker.state.state === 'waiting');
  expect(logons()).toBe(3);
});

it('does nothing without a connection', async () => {
  const { worker, logons } = started(new AppError('HANA_REFUSED', { server }), { connection: { id: null, onChange: () => undefined } });
  await pause(20);
  expect([worker.state.state, logons()]).toEqual(['none', 0]);
});
