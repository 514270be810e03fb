/** The figures of runs as they grow: columns of numbers in typed arrays, filled from the store and from events, drawn without copying. */
import { create } from 'zustand';
import type { OutputOf } from '../../shared/contracts/calls.ts';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import type { CoreClient } from './core-client.ts';

export const stepColumns = ['step', 'loss', 'learning_rate', 'grad_norm', 'tokens', 'tokens_per_second', 'rss_bytes'] as const;
export type StepColumn = (typeof stepColumns)[number];

/** Columns of one length that grow by doubling. */
export class StepTable {
  #capacity = 1_024;
  #columns = newColumns(this.#capacity);
  length = 0;

  /** Its first `length` values; valid until the next `push`. */
  column(name: StepColumn): Float64Array {
    return this.#columns[name].subarray(0, this.length);
  }

  get lastStep(): number {
    return this.length === 0 ? 0 : (this.#columns.step[this.length - 1] ?? 0);
  }

  /** A step that is not beyond the last one (a resumed run repeats some) takes the place of what was known from there on. */
  push(row: Readonly<Record<StepColumn, number>>): void {
    if (row.step <= this.lastStep) this.#cutFrom(row.step);
    if (this.length === this.#capacity) this.#resize(this.#capacity * 2);
    for (const name of stepColumns) this.#columns[name][this.length] = row[name];
    this.length += 1;
  }

  #firstFrom(step: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#columns.step[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Into new memory: what drew from the old one sees that it is another series. */
  #cutFrom(step: number): void {
    this.length = this.#firstFrom(step);
    this.#resize(this.#capacity);
  }

  #resize(capacity: number): void {
    const columns = newColumns(capacity);
    for (const name of stepColumns) columns[name].set(this.column(name));
    this.#columns = columns;
    this.#capacity = capacity;
  }
}

const newColumns = (capacity: number): Record<StepColumn, Float64Array> =>
  Object.fromEntries(stepColumns.map((name) => [name, new Float64Array(capacity)])) as Record<StepColumn, Float64Array>;

export interface Evaluation {
  readonly step: number;
  readonly eval_loss: number;
}

/** What else a run told, in order: notes, samples, checkpoints, pauses, its end. */
export type RunLine = Exclude<RunLogLine, { event: 'step' }>;

export interface RunSeries {
  readonly table: StepTable;
  readonly evaluations: readonly Evaluation[];
  readonly etaSeconds: number | null;
  /** Raised with every change: the table is changed in place. */
  readonly revision: number;
}

interface SeriesState {
  readonly byRun: Readonly<Record<string, RunSeries>>;
}

export const useSeriesStore = create<SeriesState>(() => ({ byRun: {} }));

const empty = (): RunSeries => ({ table: new StepTable(), evaluations: [], etaSeconds: null, revision: 0 });

const put = (run: string, change: (series: RunSeries) => Omit<RunSeries, 'revision'>): void =>
  useSeriesStore.setState(({ byRun }) => {
    const before = byRun[run] ?? empty();
    return { byRun: { ...byRun, [run]: { ...change(before), revision: before.revision + 1 } } };
  });

/** The series of a run that is shown; undefined until `loadSeries` has begun. */
export const useSeries = (run: string): RunSeries | undefined => useSeriesStore(({ byRun }) => byRun[run]);

/** What came while a run was being read: it is told again after that. */
const meanwhile = new Map<string, RunLogLine[]>();

/** Events of runs that nobody looks at are not kept. */
export function appendLines(run: string, lines: readonly RunLogLine[]): void {
  meanwhile.get(run)?.push(...lines);
  if (useSeriesStore.getState().byRun[run] === undefined) return;
  put(run, ({ table, evaluations, etaSeconds }) => {
    let [eta, known] = [etaSeconds, evaluations];
    for (const line of lines) {
      if (line.event === 'step') {
        table.push(line);
        eta = line.eta_seconds;
      } else if (line.event === 'eval') {
        known = [...known.filter(({ step }) => step < line.step), { step: line.step, eval_loss: line.eval_loss }];
      }
    }
    return { table, evaluations: known, etaSeconds: eta };
  });
}

export const forgetSeries = (run: string): void => useSeriesStore.setState(({ byRun: { [run]: _, ...others } }) => ({ byRun: others }));

const pageOfSteps = 20_000;

/** Reads everything anew, page by page; what is shown stays until it is there. */
export async function loadSeries(client: CoreClient, run: string): Promise<void> {
  meanwhile.set(run, []);
  const table = new StepTable();
  let metrics: OutputOf<'runs.metrics'>;
  do {
    metrics = await client.call('runs.metrics', { run, since: table.lastStep, limit: pageOfSteps });
    pushAll(table, metrics.steps);
  } while (metrics.more);
  const { evaluations } = metrics;
  put(run, ({ etaSeconds }) => ({ table, evaluations, etaSeconds }));
  const missed = meanwhile.get(run) ?? [];
  meanwhile.delete(run);
  appendLines(run, missed);
}

function pushAll(table: StepTable, columns: OutputOf<'runs.metrics'>['steps']): void {
  const row = {} as Record<StepColumn, number>;
  columns.step.forEach((_, index) => {
    for (const name of stepColumns) row[name] = columns[name][index] ?? Number.NaN;
    table.push(row);
  });
}
