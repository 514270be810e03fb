/** Gathers what runs log for pages that may hear ten such messages a second, each under 64 KB. Everything else passes at once; it is rare. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';

type Logged = Extract<CoreEvent, { event: 'run.logged' }>['data'];

const everyMs = 100;
/** Of one message; a line alone is well below 64 KB. */
const mostCharacters = 48_000;

export class EventBundler {
  readonly #send: (event: CoreEvent) => void;
  /** What waits, in the order of its first line: lines of one attempt at one run go together. */
  #waiting: Logged[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (event: CoreEvent) => void) {
    this.#send = send;
  }

  add(event: CoreEvent): void {
    if (event.event !== 'run.logged') {
      // Nothing is told of a run that is gone.
      if (event.event === 'run.removed') this.#waiting = this.#waiting.filter(({ run }) => run !== event.data.run);
      return this.#send(event);
    }
    const { run, attempt, lines } = event.data;
    const index = this.#waiting.findIndex((each) => each.run === run && each.attempt === attempt);
    const before = this.#waiting[index];
    if (before === undefined) this.#waiting.push(event.data);
    else this.#waiting[index] = { ...before, lines: [...before.lines, ...lines] };
    this.#timer ??= this.#flushIn(0);
  }

  /** What waits is dropped: whoever listened has gone. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #flushIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const most = howMany(next.lines);
      // The rest to the end, so that one run does not keep the others waiting.
      if (most < next.lines.length) this.#waiting.push({ ...next, lines: next.lines.slice(most) });
      this.#send({ event: 'run.logged', data: { ...next, lines: next.lines.slice(0, most) } });
      // Also with nothing left: the next line must not come sooner.
      this.#timer = this.#flushIn(everyMs);
    }, ms);
  }
}

function howMany(lines: Logged['lines']): number {
  let characters = 0;
  const beyond = lines.findIndex((line) => (characters += JSON.stringify(line).length) > mostCharacters);
  return beyond === -1 ? lines.length : Math.max(1, beyond);
}
