import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatNumber, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { stepEntry } from '../../../test/support/run-folder.ts';
import { createReporter, plainReporter } from './create-reporter.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

const step = (n: number): JobEvent => stepEntry(n);

function keptTerminal(json: boolean): Terminal & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, json, isInteractive: false, out: (line) => void lines.push(line), write: (text) => void lines.push(text), err: () => undefined };
}

describe('reporters', () => {
  it('write nothing but JSON objects with --json', () => {
    const terminal = keptTerminal(true);
    const reporter = createReporter(terminal);
    reporter.event(step(1));
    reporter.say('words for people');
    reporter.done({ loss: 1 }, ['lines for people']);
    expect(terminal.lines.map((line) => JSON.parse(line) as unknown)).toEqual([stepEntry(1), { event: 'done', loss: 1 }]);
  });

  it('show at most a step a second in a pipe, but the first and the last', () => {
    const terminal = keptTerminal(false);
    let ms = 0;
    const reporter = plainReporter(terminal, () => ms);
    for (let n = 1; n <= 9; n++, ms += 400) reporter.event(step(n));
    expect(terminal.lines.map((line) => line.split(' ')[1])).toEqual(['1/9', '4/9', '7/9', '9/9']);
  });

  it('show progress, notes and samples in words', () => {
    const terminal = keptTerminal(false);
    const reporter = plainReporter(terminal, () => 0);
    reporter.event({ event: 'progress', what: 'rows', done: 5, total: 5 });
    reporter.event({ event: 'note', message: 'Cut.' });
    reporter.event({ event: 'sample', step: 3, prompt: 'Why?', text: 'a\nb' });
    expect(terminal.lines).toEqual(['rows: 5 of 5', 'note: Cut.', 'sample at step 3: Why?', '  | a', '  | b']);
  });
});

describe('text', () => {
  it('sets columns', () =>
    expect(
      table(
        [
          ['a', 'bb'],
          ['ccc', 'd'],
        ],
        { right: [1] },
      ),
    ).toEqual(['a    bb', 'ccc   d']));
  it('shows bytes', () => expect([0, 1023, 1536, 98_362_432, 2 ** 40].map(formatBytes)).toEqual(['0 B', '1023 B', '1.50 KiB', '93.8 MiB', '1.00 TiB']));
  it('shows times', () => expect([0.42, 42.3, 119, 3725, 200_000].map(formatSeconds)).toEqual(['0.4 s', '42 s', '2 min', '1 h 2 min', '2 d 7 h']));
  it('shows shares and small numbers', () =>
    expect([formatPercent(0.8251), formatNumber(2e-4), formatNumber(3), formatNumber(1 / 3)]).toEqual(['82.5 %', '0.0002', '3', '0.3333']));
});
