/** JSON lines, plain lines, or lines above a moving bar: whichever fits where they go. */
import { barReporter } from './bar-reporter.ts';
import { eventLines } from './event-text.ts';
import type { Reporter } from './reporter.ts';
import type { Terminal } from './terminal.ts';

export function createReporter(terminal: Terminal): Reporter {
  if (terminal.json) return jsonReporter(terminal);
  return terminal.isInteractive ? barReporter(terminal) : plainReporter(terminal);
}

const jsonReporter = (terminal: Terminal): Reporter => ({
  event: (event) => terminal.out(JSON.stringify(event)),
  say: () => undefined,
  part: (result) => terminal.out(JSON.stringify(result)),
  done: (result) => terminal.out(JSON.stringify({ event: 'done', ...result })),
  close: () => undefined,
});

/** Steps and progress at most once a second, but always the first and the last. */
const plainIntervalMs = 1_000;

export function plainReporter(terminal: Pick<Terminal, 'out'>, now: () => number = () => performance.now()): Reporter {
  let shownMs = Number.NEGATIVE_INFINITY;
  const isDue = (isLast: boolean): boolean => {
    const due = isLast || now() - shownMs >= plainIntervalMs;
    if (due) shownMs = now();
    return due;
  };
  return {
    event: (event) => {
      if (event.event === 'step' && !isDue(event.step === event.steps)) return;
      if (event.event === 'progress') {
        if (isDue(event.done >= event.total)) terminal.out(`${event.what}: ${event.done} of ${event.total}`);
        return;
      }
      for (const line of eventLines(event)) terminal.out(line);
    },
    say: (line) => terminal.out(line),
    part: (_, lines) => lines.forEach((line) => terminal.out(line)),
    done: (_, lines) => lines.forEach((line) => terminal.out(line)),
    close: () => undefined,
  };
}
