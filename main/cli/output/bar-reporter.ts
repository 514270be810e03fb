/** A bar for steps or progress at the bottom of a terminal; every other line scrolls above it. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { JobEvent } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatCount, formatSeconds } from '../../../shared/text/format.ts';
import { eventLines } from './event-text.ts';
import type { Reporter } from './reporter.ts';
import type { Terminal } from './terminal.ts';

const barFormat = '{what} |{bar}| {value}/{total}  {facts}';

export function barReporter(terminal: Terminal): Reporter {
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  let what = '';
  const close = (): void => {
    bars?.stop();
    [bars, bar, what] = [undefined, undefined, ''];
  };
  const move = (next: string, done: number, total: number, facts: string): void => {
    if (next !== what) close();
    what = next;
    bars ??= new MultiBar({ format: barFormat, hideCursor: true, clearOnComplete: true, barsize: 30, stream: process.stderr }, Presets.shades_classic);
    bar ??= bars.create(total, 0, { what, facts: '' });
    bar.setTotal(total);
    bar.update(done, { what, facts });
  };
  const say = (line: string): void => {
    if (bars === undefined) terminal.out(line);
    else bars.log(`${line}\n`);
  };
  return {
    event: (event: JobEvent) => {
      if (event.event === 'step') return move('training', event.step, event.steps, stepFacts(event));
      if (event.event === 'progress') return move(event.what, event.done, event.total, '');
      eventLines(event).forEach(say);
    },
    say,
    part: (_, lines) => lines.forEach(say),
    done: (_, lines) => {
      close();
      lines.forEach((line) => terminal.out(line));
    },
    close,
  };
}

const stepFacts = ({ loss, tokens_per_second, rss_bytes, eta_seconds }: Extract<JobEvent, { event: 'step' }>): string =>
  `loss ${loss.toFixed(4)}  ${formatCount(tokens_per_second)} tokens/s  ${formatBytes(rss_bytes)}  ${formatSeconds(eta_seconds)} left`;
