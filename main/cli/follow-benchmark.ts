/** Runs benchmarks through the core for a command: starts them or lets them go on, shows how far they are, hands Ctrl-C on, and tells how they ended. */
import type { BenchmarkRunDetails } from '../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive, type BenchmarkScore } from '../../shared/domain/benchmark-run.ts';
import type { Door } from '../core/door.ts';
import { EventWatch } from './event-watch.ts';
import type { Host } from './host.ts';
import { onInterrupt } from './on-interrupt.ts';
import { scoreLine } from './output/benchmark-text.ts';

export type BeginBenchmark = (door: Door) => Promise<BenchmarkRunDetails>;

/** How it stands when nothing more happens: ended, or left by a host that ended. */
export async function followBenchmark(host: Host, door: Door, begin: BeginBenchmark): Promise<BenchmarkRunDetails> {
  const { reporter } = host;
  const progress = new ScoreProgress(host);
  const watch = new EventWatch((event) => {
    if (event.event === 'benchmark.scored') progress.hear(event.data);
    return (event.event === 'benchmark.changed' && !benchmarkIsActive(event.data.state)) || event.event === 'benchmark.removed';
  });
  await watch.over(door);
  let id: string | null = null;
  let presses = 0;
  const obey = (): void => {
    if (id === null || presses === 0) return;
    void door.call('benchmarks.stop', { run: id, force: presses > 1 }).catch(() => undefined);
  };
  const stopListening = onInterrupt((count) => {
    presses = count;
    if (count === 1) host.terminal.err('Stopping behind the items that are being scored; once more ends it at once.');
    obey();
  });
  try {
    let run = await begin(door);
    id = run.run;
    reporter.part({ event: 'start', run: run.run, dir: run.dir }, [`Benchmark run ${run.run} in ${run.dir}`]);
    obey();
    // Events are hints: a stream may break while the host lives.
    for (; benchmarkIsActive(run.state); run = await door.call('benchmarks.get', { run: id }))
      if ((await watch.untilQuiet(run.run)) === 'gone') await watch.over(door);
    return run;
  } finally {
    stopListening();
    reporter.close();
  }
}

/** One line of progress for all that is at work, and a line for each score that is made. */
class ScoreProgress {
  readonly #host: Host;
  readonly #active = new Map<string, BenchmarkScore>();

  constructor(host: Host) {
    this.#host = host;
  }

  hear(score: BenchmarkScore): void {
    const { reporter } = this.#host;
    if (score.state === 'running') this.#active.set(score.score, score);
    else this.#active.delete(score.score);
    if (score.result !== null) reporter.part({ event: 'scored', score: score.score, subject: score.subject.label, ...score.result }, [scoreLine(score)]);
    else if (score.state === 'running' && score.total !== null) reporter.event(this.#progress(score.subject.label, score.task));
  }

  #progress(label: string, task: string) {
    const scores = [...this.#active.values()].filter(({ total }) => total !== null);
    const sum = (of: (score: BenchmarkScore) => number): number => scores.reduce((all, score) => all + of(score), 0);
    const eta = Math.max(...scores.map(({ eta_seconds }) => eta_seconds ?? 0));
    const what = scores.length === 1 ? `${label} on ${task}` : `${scores.length} scores`;
    return { event: 'progress', what, done: sum(({ done }) => done), total: sum(({ total }) => total ?? 0), ...(eta > 0 ? { eta_seconds: eta } : {}) } as const;
  }
}
