import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { smallHome } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import type { Store } from '../store/store.ts';
import { recoverRuns } from './recover-runs.ts';

const folder = temporaryFolder();
let number = 0;
let home: string;
let store: Store;
beforeEach(() => {
  home = join(folder, String((number += 1)));
  store = smallHome(home, { runs: 1, auditRows: 0 }).open();
});
afterEach(() => store.close());

function recover(state: RunState, { resumes }: { resumes: boolean }) {
  writeRunFolder(join(home, 'runs', 'r0'), { run: 'r0', started: '2026-01-01T00:00:01Z', events: [stepEntry(1), stepEntry(2)] });
  store.runs.update('r0', { state, queued: '2026-01-01T00:00:00.000Z' });
  recoverRuns({ store, book: smallLedger(store, home).book, log: keepingLogger(), resumes });
  return store.runs.get('r0');
}

describe('runs whose host is gone', () => {
  it('are interrupted, and stay so where nobody said otherwise', () => {
    expect(recover('running', { resumes: false })).toMatchObject({ state: 'interrupted', step: 2 });
  });
  it('go on from their checkpoint where the setting says so, and keep their place in the queue', () => {
    expect(recover('running', { resumes: true })).toMatchObject({ state: 'queued', resume: true, queued: '2026-01-01T00:00:00.000Z' });
  });
  it('stay stopped where somebody had asked for that', () => {
    expect(recover('stopping', { resumes: true }).state).toBe('interrupted');
  });
});
