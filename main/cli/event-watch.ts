/** Hears everything from before a run has a name, of whatever kind; passes on what is about it. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Door } from '../core/door.ts';

export class EventWatch {
  /** Says whether it tells that the run has ended. */
  readonly #hears: (event: CoreEvent) => boolean;
  readonly #early: CoreEvent[] = [];
  #run: string | null = null;
  #quiet: 'ended' | 'gone' | null = null;
  #onQuiet: () => void = () => undefined;

  constructor(hears: (event: CoreEvent) => boolean) {
    this.#hears = hears;
  }

  /** Listens at a door, as long as that is open. */
  async over(door: Door): Promise<void> {
    await door.subscribe(
      (event) => this.hear(event),
      () => this.#fallQuiet('gone'),
    );
  }

  hear(event: CoreEvent): void {
    if (this.#run === null) this.#early.push(event);
    else this.#pass(event);
  }

  /** Until the run has ended, or nothing more is heard of it. */
  async untilQuiet(run: string): Promise<'ended' | 'gone'> {
    this.#run = run;
    for (const event of this.#early.splice(0)) this.#pass(event);
    while (this.#quiet === null) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
    const why = this.#quiet;
    this.#quiet = null;
    return why;
  }

  #fallQuiet(why: 'ended' | 'gone'): void {
    if (this.#quiet !== 'gone') this.#quiet = why;
    this.#onQuiet();
  }

  #pass(event: CoreEvent): void {
    if ('run' in event.data && event.data.run === this.#run && this.#hears(event)) this.#fallQuiet('ended');
  }
}
