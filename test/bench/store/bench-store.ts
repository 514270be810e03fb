/** How long the calls take that lists and pages make, over a full store: the service's answer, as JSON. Only what is written waits for the disk. */
import type { RunFilter, RunViews } from '../../../main/store/run-views.ts';
import { table } from '../../../main/cli/output/table.ts';
import type { RunMetrics } from '../../../shared/contracts/run-calls.ts';
import { VersionFilter } from '../../../shared/contracts/registry-calls.ts';
import { stepEntry } from '../../support/run-folder.ts';
import { testRegistry } from '../../support/registry.ts';
import { smallLedger } from '../../support/small-ledger.ts';
import { fillStore, longRun, type StoreSize } from './full-store.ts';

export interface StoreFigure {
  readonly call: string;
  readonly what: string;
  readonly best_ms: number;
  readonly median_ms: number;
  readonly worst_ms: number;
  /** Of the answer; 0 where something is written. */
  readonly bytes: number;
}

export interface StoreFigures {
  readonly size: StoreSize;
  readonly repetitions: number;
  readonly rows: readonly StoreFigure[];
}

interface Case {
  readonly call: string;
  readonly what: string;
  readonly act: () => unknown;
}

/** `home` is empty and the caller's to remove. */
export function benchStore(home: string, size: StoreSize, repetitions: number): StoreFigures {
  const { registry, store } = testRegistry(home);
  try {
    fillStore(store, size);
    const { book } = smallLedger(store, home);
    const read = [...runCases({ views: store.runViews, size }), ...metricCases((since, limit) => store.runs.metrics(longRun, since, limit), size)];
    const listed = versionCases((filter) => registry.list(VersionFilter.parse(filter)));
    const counted = [{ call: 'host.status', what: 'runs by state', act: () => store.runs.countByState() }];
    const rows = [...read, ...listed, ...counted, ...writeCases(book, size)].map((each) => measure(each, repetitions));
    return { size, repetitions, rows };
  } finally {
    store.close();
  }
}

function runCases({ views, size }: { readonly views: RunViews; readonly size: StoreSize }): readonly Case[] {
  const all: RunFilter = { state: null, text: null, limit: 100, after: null };
  let middle: string | null = null;
  for (let page = 0; page < size.runs / 200; page += 1) middle = views.list({ ...all, after: middle }).next ?? middle;
  const list = (what: string, filter: Partial<RunFilter>): Case => ({
    call: 'runs.list',
    what,
    act: () => views.list({ ...all, ...filter }),
  });
  return [
    list('100 newest', {}),
    list('100 from the middle', { after: middle }),
    list('1,000 newest', { limit: 1_000 }),
    list('the failed, one in a hundred', { state: ['failed'] }),
    list('by a text that one has', { text: `number ${Math.floor(size.runs / 2)}` }),
    list('by a text that none has', { text: 'nothing' }),
    { call: 'runs.status', what: 'of one run', act: () => views.get(longRun) },
  ];
}

function metricCases(metrics: (since: number, limit: number) => RunMetrics, { steps }: StoreSize): readonly Case[] {
  const of = (what: string, since: number, limit: number): Case => ({ call: 'runs.metrics', what, act: () => metrics(since, limit) });
  return [of('all steps', 0, steps), of('10,000 steps', 0, 10_000), of('the last 100 steps', steps - 100, 10_000)];
}

function versionCases(list: (filter: object) => unknown): readonly Case[] {
  const of = (what: string, filter: object): Case => ({ call: 'registry.list', what, act: () => list(filter) });
  return [
    of('the first 100', {}),
    of('the first 1,000', { limit: 1_000 }),
    of('of one name', { name: 'model-42' }),
    of('by tag', { tags: ['production'] }),
    of('by a bound of a metric', { metrics: [{ metric: 'loss', is: '<', value: 0.25 }] }),
    of('by a text that one has', { text: 'number 777.' }),
  ];
}

function writeCases(book: ReturnType<typeof smallLedger>['book'], { steps }: StoreSize): readonly Case[] {
  const recorder = book.recorder(longRun);
  let step = steps;
  let priority = 0;
  const report = (): null => {
    for (let i = 0; i < 10; i += 1) recorder.add(stepEntry((step += 1)));
    recorder.flush();
    return null;
  };
  const asked = { actor: { user: 'ada', host: 'here', token: null }, action: 'bench' };
  return [
    { call: 'run.changed', what: '10 steps of a run, not waiting for the disk', act: report },
    { call: 'run.changed', what: 'a change with its audit row, on the disk', act: () => (book.update(longRun, { priority: (priority += 1) }, asked), null) },
  ];
}

function measure({ call, what, act }: Case, repetitions: number): StoreFigure {
  let bytes = 0;
  const times = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    const answer = act();
    const text = answer === null ? '' : JSON.stringify(answer);
    const ms = performance.now() - start;
    bytes = Buffer.byteLength(text);
    return ms;
  }).sort((a, b) => a - b);
  const at = (share: number): number => Number((times[Math.floor(share * (times.length - 1))] ?? Number.NaN).toFixed(3));
  return { call, what, best_ms: at(0), median_ms: at(0.5), worst_ms: at(1), bytes };
}

export function storeLines({ size, repetitions, rows }: StoreFigures): readonly string[] {
  const cells = rows.map(({ call, what, best_ms, median_ms, worst_ms, bytes }) => [
    call,
    what,
    ...[best_ms, median_ms, worst_ms].map((ms) => ms.toFixed(2)),
    bytes === 0 ? '' : `${(bytes / 1_024).toFixed(1)} KiB`,
  ]);
  return [
    `${size.runs} runs, ${size.steps} steps of one, ${size.versions} versions; ${repetitions} times each, in milliseconds:`,
    ...table([['call', 'what', 'best', 'median', 'worst', 'answer'], ...cells], { right: [2, 3, 4, 5] }),
  ];
}
