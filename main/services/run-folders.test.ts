import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFiles } from '../../shared/domain/run-record.ts';
import { stepEntry, writeRunFolder } from '../../test/support/run-folder.ts';
import { RunTail } from './run-tail.ts';
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

describe('RunTail', () => {
  it('gives what is there, then what came since; a line that comes in two pieces once', () => {
    const directory = writeRunFolder(join(home, 'a'), { run: 'a', started: time(1), events: [stepEntry(1)] });
    const path = join(directory, runFiles.events);
    const tail = new RunTail(directory);
    const read = (): string[] => [...tail.read()].map((line) => (line.event === 'step' ? `step ${line.step}` : line.event));
    expect([read(), read()]).toEqual([['step 1'], []]);
    const next = JSON.stringify({ at: time(2), ...stepEntry(2) });
    appendFileSync(path, next.slice(0, 30));
    expect(read()).toEqual([]);
    appendFileSync(path, `${next.slice(30)}\nno line\n${JSON.stringify({ at: time(3), ...done })}\n`);
    expect(read()).toEqual(['step 2', 'done']);
  });

  it('gives more than fits into one read, and nothing where there is no file yet', () => {
    const events = Array.from({ length: 1_000 }, (_, index) => stepEntry(index + 1));
    const directory = writeRunFolder(join(home, 'long'), { run: 'long', started: time(1), events });
    expect([...new RunTail(directory).read()]).toHaveLength(1_000);
    expect([...new RunTail(join(home, 'none')).read()]).toEqual([]);
  });
});
