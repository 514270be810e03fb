import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFiles } from '../../shared/domain/run-record.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { followRun } from './follow-run.ts';
import { RunFolders } from './run-folders.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'lathe-runs-'))));
afterEach(() => rmSync(home, { recursive: true }));

const time = (second: number): string => `2026-01-01T00:00:0${second}Z`;
const done = { event: 'done', run: 'r', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 } as const;
const failed = { event: 'error', code: 'LOSS_NOT_FINITE', message: 'm', remedy: 'r' } as const;

describe('RunFolders', () => {
  it('tells from the folders alone how runs stand', () => {
    writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: [stepEntry(1), done] });
    writeRunFolder(join(home, 'b'), { run: 'b', started: time(2), events: [stepEntry(3)] });
    writeRunFolder(join(home, 'c'), { run: 'c', started: time(3), events: [stepEntry(4), failed] });
    writeRunFolder(join(home, 'd'), { run: 'd', started: time(4), events: [{ event: 'cancelled', step: 2, path: null }] });
    writeRunFolder(join(home, 'e'), { run: 'e', started: time(5), events: [] });
    writeFileSync(join(home, 'e', runFiles.lock), JSON.stringify({ pid: process.pid, started: time(5) }));
    const runs = ['e', 'd', 'c', 'b', 'a'].map((name) => new RunFolders(home).find(name));
    expect(runs.map(({ run, state, step }) => [run, state, step])).toEqual([
      ['e', 'running', 0],
      ['d', 'cancelled', 0],
      ['c', 'failed', 4],
      ['b', 'interrupted', 3],
      ['a', 'done', 1],
    ]);
  });

  it('reads past a torn last line, and past a lock whose owner is dead', () => {
    const directory = writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: [stepEntry(5)] });
    appendFileSync(join(directory, runFiles.events), '{"at":"2026-01-01T00');
    writeFileSync(join(directory, runFiles.lock), JSON.stringify({ pid: 2 ** 22 + 1, started: time(1) }));
    expect(new RunFolders(home).find('a')).toMatchObject({ state: 'interrupted', step: 5, loss: 0.2, pid: null });
  });

  it('finds the end of a long log', () => {
    const directory = writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: Array.from({ length: 1_500 }, (_, i) => stepEntry(i + 1)) });
    expect(new RunFolders(home).find(directory).step).toBe(1_500);
  });

  it('refuses what is no run, and what is a broken one', () => {
    mkdirSync(join(home, 'torn'));
    writeFileSync(join(home, 'torn', runFiles.record), 'run: a\n');
    const runs = new RunFolders(home);
    expect(() => runs.find('none')).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }) as Error);
    expect(() => runs.find('torn')).toThrow(expect.objectContaining({ code: 'RUN_RECORD_INVALID' }) as Error);
    expect(() => runs.find('../etc')).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }) as Error);
    expect(() => new RunFolders(join(home, 'nowhere')).find('a')).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }) as Error);
  });
});

describe('followRun', () => {
  it('gives what is there, what comes, and ends with the run', async () => {
    const directory = writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: [stepEntry(1)] });
    const path = join(directory, runFiles.events);
    let isWorkedOn = true;
    const seen: string[] = [];
    for await (const line of followRun(directory, { signal: new AbortController().signal, isWorkedOn: () => isWorkedOn })) {
      seen.push(line.event === 'step' ? `step ${line.step}` : line.event);
      const next = JSON.stringify({ at: time(2), ...stepEntry(2) });
      // A line that arrives in two pieces is one line.
      if (seen.length === 1) {
        appendFileSync(path, next.slice(0, 30));
        setTimeout(() => appendFileSync(path, `${next.slice(30)}\n`), 50);
      }
      if (seen.length === 2) {
        appendFileSync(path, `${JSON.stringify({ at: time(3), ...done })}\n`);
        isWorkedOn = false;
      }
    }
    expect(seen).toEqual(['step 1', 'step 2', 'done']);
  });

  it('stops when told to', async () => {
    const directory = writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: [] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const lines: unknown[] = [];
    for await (const line of followRun(directory, { signal: stop.signal, isWorkedOn: () => true })) lines.push(line);
    expect(lines).toEqual([]);
  });
});
