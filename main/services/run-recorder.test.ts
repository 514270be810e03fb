import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { RunLogEntry } from '../../shared/contracts/run-events.ts';
import { emptyStore, execute, insertRun, testTime } from '../../test/support/empty-store.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { stepEntry } from '../../test/support/run-folder.ts';
import { EventHub } from './event-hub.ts';
import { RunRecorder } from './run-recorder.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

function recording() {
  const { store, path } = emptyStore();
  const run = insertRun(store, 'a');
  const lines: KeptLine[] = [];
  const hub = new EventHub(keepingLogger());
  const events: CoreEvent[] = [];
  hub.subscribe((event) => events.push(event));
  let written = 0;
  const recorder = (): RunRecorder =>
    new RunRecorder(run, {
      attempt: 3,
      ...{ runs: store.runs, hub, now: () => new Date(testTime), log: keepingLogger(lines) },
      transaction: (act) => store.unflushedTransaction(act),
      onWritten: () => (written += 1),
    });
  return { store, path, run, lines, events, recorder, written: () => written, steps: () => store.runs.metrics(run, 0, 99).steps.step };
}
const note: RunLogEntry = { event: 'note', message: 'n' };

describe('the recorder', () => {
  it('tells at once what came together, and writes it a second later, together', async () => {
    const { recorder, events, steps, written } = recording();
    const mine = recorder();
    mine.add(stepEntry(1));
    mine.add(stepEntry(2));
    await Promise.resolve();
    expect(events).toMatchObject([{ event: 'run.logged', data: { run: 'a', attempt: 3, lines: [{ at: testTime, step: 1 }, { step: 2 }] } }]);
    vi.advanceTimersByTime(999);
    expect(steps()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([steps(), written(), events.length]).toEqual([[1, 2], 1, 1]);
    vi.advanceTimersByTime(10_000);
    expect(written()).toBe(1);
  });

  it('writes the rest at once when it is asked to, told first', () => {
    const { recorder, events, steps, written } = recording();
    const mine = recorder();
    mine.add(stepEntry(1));
    mine.flush();
    expect([steps(), events.length]).toEqual([[1], 1]);
    mine.flush();
    vi.advanceTimersByTime(10_000);
    expect(written()).toBe(1);
  });

  it('loses nothing where the store cannot be written, and writes each line once', () => {
    const { recorder, path, lines, store, steps } = recording();
    const mine = recorder();
    execute(path, "CREATE TRIGGER full BEFORE INSERT ON run_lines BEGIN SELECT RAISE(ABORT, 'full'); END");
    for (const entry of [stepEntry(1), note]) mine.add(entry);
    vi.advanceTimersByTime(1_000);
    expect(lines).toMatchObject([{ level: 'error', fields: { run: 'a', problem: 'full' } }]);
    expect(() => mine.flush()).toThrow('full');
    expect(steps()).toEqual([]);
    execute(path, 'DROP TRIGGER full');
    mine.add(stepEntry(2));
    vi.advanceTimersByTime(1_000);
    expect([steps(), store.runs.allLines('a').length]).toEqual([[1, 2], 1]);
  });

  it('forgets the steps that this attempt does again, and only at its first', () => {
    const { recorder, steps } = recording();
    const report = (mine: RunRecorder, ...numbers: number[]): void => {
      numbers.forEach((number) => mine.add(stepEntry(number)));
      mine.flush();
    };
    report(recorder(), 1, 2, 3, 4);
    const second = recorder();
    second.add(note);
    second.flush();
    expect(steps()).toEqual([1, 2, 3, 4]);
    report(second, 3);
    expect(steps()).toEqual([1, 2, 3]);
    report(second, 4);
    expect(steps()).toEqual([1, 2, 3, 4]);
  });
});
