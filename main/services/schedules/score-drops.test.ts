import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { BenchmarkIdentity } from '../../../shared/domain/benchmark-record.ts';
import { BenchmarkRequest } from '../../../shared/domain/benchmark-run.ts';
import { emptyStore } from '../../../test/support/empty-store.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { testActor } from '../../../test/support/small-home.ts';
import { testSubject, testTask } from '../../../test/support/test-benchmarks.ts';
import { BenchmarkBook } from '../benchmarks/benchmark-book.ts';
import { recordsPath } from '../benchmarks/benchmark-folder.ts';
import { EventHub } from '../event-hub.ts';
import { Ledger } from '../ledger.ts';
import { ScoreDrops } from './score-drops.ts';

const identity: BenchmarkIdentity = {
  ...{ task: 'arc_easy', task_version: 1, task_sha256: 'a'.repeat(64), data_sha256: 'b'.repeat(64) },
  ...{ model_sha256: 'c'.repeat(64), adapter_sha256: null, num_fewshot: 0, chat_template: false, limit: null, precision: 'fp32' },
};
const items = 100;
const schedule = { name: 'nightly', slot: '2026-05-01T00:00:00.000Z' };

interface Said {
  readonly by?: typeof schedule | null;
  readonly changed?: Partial<BenchmarkIdentity>;
  readonly label?: string;
}

function judging() {
  const { store, home, lines } = emptyStore();
  let minutes = 0;
  const now = (): Date => new Date(Date.UTC(2026, 4, 1, 0, (minutes += 1)));
  const log = keepingLogger(lines as never);
  const hub = new EventHub(log);
  const ledger = new Ledger({ store, hub, now, isConnected: () => false, onSealed: () => undefined });
  const book = new BenchmarkBook({ store, ledger, hub, now, log, etaOf: () => null });
  const drops = new ScoreDrops({ store, ledger, book, log });
  const told: CoreEvent[] = [];
  hub.subscribe((event) => told.push(event));
  /** A run that has so many items right; null: nobody's schedule. */
  const add = (run: string, right: number, { by = schedule, changed = {}, label = 'm@production' }: Said = {}): void => {
    const dir = join(home, run);
    mkdirSync(dir);
    const request = BenchmarkRequest.parse({ models: [label], benchmarks: ['arc_easy'] });
    const scores = [{ position: 1, subject: testSubject(label), declared: testTask('arc_easy'), data: '/items' }];
    const created = book.time();
    book.add({ run, dir, created, queued: created, request, schedule: by }, { scores, asked: { actor: testActor, action: 'test' } });
    const path = recordsPath(dir, { position: 1, task: 'arc_easy' });
    const marks = Array.from({ length: items }, (_, index) => ({ kind: 'choice', index, correct: { acc: Number(index < right), acc_norm: 0 } }));
    writeFileSync(path, [{ ...identity, ...changed }, ...marks].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const figures = {
      metrics: [{ name: 'acc' as const, value: right / items, stderr: 0.05 }],
      items,
      cut_items: 0,
      resumed_items: 0,
      seconds: 1,
      items_per_second: items,
    };
    const result = { ...identity, ...changed, ...figures, records: path };
    book.changeScore(`${run}.1`, { state: 'done', ended: book.time(), result });
    book.change(run, { state: 'done', ended: book.time() });
  };
  /** As the host hears it. */
  const judge = async (): Promise<void> => {
    for (const event of told.splice(0)) drops.hear(event);
    await drops.settled();
  };
  const dropsOf = (run: string) => store.benchmarks.get(run).drops;
  return { store, add, judge, dropsOf, drops, told, lines };
}

it('tells a score that fell beyond chance, and holds later ones against the last good one', async () => {
  const { add, judge, dropsOf, told, lines } = judging();
  add('run-a', 80);
  add('run-b', 78);
  add('run-c', 60);
  add('run-d', 60);
  add('run-e', 79);
  add('run-f', 75);
  await judge();
  const before = (run: string): (string | undefined)[] => dropsOf(run).map((drop) => drop.before);
  // 80 to 78 is chance. A drop is no measure for the next one; what is good again is.
  expect(['run-a', 'run-b', 'run-c', 'run-d', 'run-e', 'run-f'].map(before)).toEqual([[], [], ['run-b.1'], ['run-b.1'], [], []]);
  expect(dropsOf('run-c')).toMatchObject([
    { task: 'arc_easy', subject: 'm@production', score: 'run-c.1', difference: -0.18, words: expect.stringMatching(/^worse at n = 100/) },
  ]);
  expect(dropsOf('run-c')[0]?.p).toBeLessThan(0.001);
  const dropped = told.filter(({ event }) => event === 'benchmark.dropped');
  expect(dropped.map(({ data }) => data)).toMatchObject([{ run: 'run-c', schedule: 'nightly', drops: [{}] }, { run: 'run-d' }]);
  expect(lines.filter(({ level, message }) => level === 'warn' && message === 'a score dropped')).toHaveLength(2);
});

it('holds nothing against runs that nobody judged, other names, or other items', async () => {
  const { add, judge, dropsOf, told } = judging();
  add('run-a', 80);
  add('run-by-hand', 50, { by: null });
  add('run-b', 50);
  add('run-other', 40, { label: 'other' });
  add('run-items', 20, { changed: { data_sha256: 'd'.repeat(64) } });
  await judge();
  expect(dropsOf('run-b').map(({ before }) => before)).toEqual(['run-a.1']);
  expect([dropsOf('run-by-hand'), dropsOf('run-other'), dropsOf('run-items')]).toEqual([[], [], []]);
  expect(told.filter(({ event }) => event === 'benchmark.dropped')).toHaveLength(1);
});

it('takes a run by hand where no schedule has one', async () => {
  const { add, judge, dropsOf } = judging();
  add('run-by-hand', 80, { by: null });
  add('run-a', 50);
  await judge();
  expect(dropsOf('run-a').map(({ before }) => before)).toEqual(['run-by-hand.1']);
});
