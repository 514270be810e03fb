/**
 * Follows a run for `lathe run watch`, each line once. The host says how the run stands and when there is something new; the lines are those of the
 * run's folder, and beside them what only the host could write. A run that no host knows is followed by its folder alone.
 */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import { isEnded } from '../../shared/domain/run-state.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import type { Door } from '../core/door.ts';
import { lineIdentity } from '../services/reindex-run.ts';
import { isRunFolder, readRecord } from '../services/run-folders.ts';
import { RunTail } from '../services/run-tail.ts';
import type { Host } from './host.ts';

const pollMs = 200;

export interface Watching {
  /** Ends the watching, never the run. */
  readonly signal: AbortSignal;
  readonly tell: (line: RunLogLine) => void;
  /** For people: why nothing comes. */
  readonly say: (text: string) => void;
}

/** Throws RUN_UNKNOWN, and what opening a door throws. */
export async function watchRun(host: Host, reference: string, watching: Watching): Promise<void> {
  const watch = new RunWatch(watching);
  while (!watching.signal.aborted) {
    const door = await host.openDoor('question');
    try {
      const run = await knownRun(door, reference);
      if (run === null) break;
      await watch.through(door, run);
      return;
    } catch (error) {
      // Another command is the host now, or nobody.
      if (!isAppError(error, 'HOST_GONE')) throw error;
    } finally {
      await door.close();
    }
  }
  const isWorkedOn = (): boolean => host.runs.find(reference).state === 'running';
  await watch.folder(host.runs.directoryOf(reference), isWorkedOn);
}

/** null where the core does not know it. A folder is asked for by the run that it holds, if that is the one. */
async function knownRun(door: Door, reference: string): Promise<Run | null> {
  const folder = resolve(reference);
  const isFolder = isRunFolder(folder);
  try {
    const run = await door.call('runs.status', { run: isFolder ? readRecord(folder).run : reference });
    return isFolder && run.dir !== folder ? null : run;
  } catch (error) {
    if (isAppError(error, 'RUN_UNKNOWN')) return null;
    throw error;
  }
}

class RunWatch {
  readonly #watching: Watching;
  #tail: RunTail | null = null;
  /** How many lines of the core have been looked at. */
  #after = 0;
  /** What the folder has told that the core has not yet, by what makes a line the same in both. */
  readonly #ofFolder = new Map<string, number>();

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** With nobody here who works on it. */
  async #asItStands(door: Door, run: Run): Promise<void> {
    await this.#readBoth(door, run);
    if (run.state === 'queued') this.#watching.say(`Run ${run.run} waits in the queue, and no host works on that: lathe serve`);
    this.#sayEnd(run);
  }

  /** Of an end that no line of the run tells: its process died, or its host. */
  #sayEnd({ run, state, step }: Run): void {
    if (state === 'interrupted') this.#watching.say(`Run ${run} was interrupted at step ${step}. Go on with: lathe run resume ${run}`);
  }

  async through(door: Door, { run: id }: Run): Promise<void> {
    const run = await this.#untilBegun(door, id);
    if (this.#isLeft()) return;
    const news = new News(run.run, this.#watching.signal);
    // From here on the host stays for this command too.
    await door.subscribe(
      (event) => news.hear(event),
      () => news.end(),
    );
    // There is no other host, or there is none any more: this process works on no run.
    if (door.isOwn) return this.#asItStands(door, await door.call('runs.status', { run: run.run }));
    for (let now = run; ; now = await door.call('runs.status', { run: run.run })) {
      await this.#readBoth(door, run);
      if (isEnded(now.state)) this.#sayEnd(now);
      if (isEnded(now.state) || this.#isLeft()) return;
      while (!(await news.next()).isMore) this.#readFolder(run.dir);
    }
  }

  #isLeft(): boolean {
    return this.#watching.signal.aborted;
  }

  /** Asks instead of listening: a host does not stay for a run that it will not start. */
  async #untilBegun(door: Door, id: string): Promise<Run> {
    const { signal, say } = this.#watching;
    let hasSaid = false;
    for (;;) {
      const run = await door.call('runs.status', { run: id });
      if (run.state !== 'queued' || door.isOwn || this.#isLeft()) return run;
      if (!hasSaid) say(`Run ${run.run} waits in the queue.`);
      hasSaid = true;
      await this.#readBoth(door, run);
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async folder(directory: string, isWorkedOn: () => boolean): Promise<void> {
    const { signal } = this.#watching;
    for (let isAlive = true; isAlive && !signal.aborted;) {
      // Asked before reading, so that what an ending run wrote last is still read.
      isAlive = isWorkedOn();
      this.#readFolder(directory);
      if (isAlive) await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The folder first: a process writes a line before it reports it. */
  async #readBoth(door: Door, { run, dir }: Run): Promise<void> {
    this.#readFolder(dir);
    for (let more = true; more;) {
      const page = await door.call('runs.lines', { run, after: this.#after, limit: 1_000 });
      for (const { line, body } of page.lines) {
        this.#after = line;
        if (!this.#wasTold(body)) this.#watching.tell(body);
      }
      more = page.more;
    }
  }

  #readFolder(directory: string): void {
    this.#tail ??= new RunTail(directory);
    for (const line of this.#tail.read()) {
      this.#watching.tell(line);
      if (line.event !== 'step') this.#ofFolder.set(lineIdentity(line), (this.#ofFolder.get(lineIdentity(line)) ?? 0) + 1);
    }
  }

  #wasTold(line: RunLogLine): boolean {
    const count = this.#ofFolder.get(lineIdentity(line)) ?? 0;
    if (count > 0) this.#ofFolder.set(lineIdentity(line), count - 1);
    return count > 0;
  }
}

/** That something came since the last look; what it was is asked for. */
class News {
  readonly #run: string;
  #isThere = false;
  /** More than steps, for which nobody but the folder need be asked. */
  #isMore = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(run: string, signal: AbortSignal) {
    this.#run = run;
    signal.addEventListener('abort', () => this.#come(true));
  }

  hear({ event, data }: CoreEvent): void {
    if ('run' in data && data.run === this.#run) this.#come(event !== 'run.logged' || data.lines.some((line) => line.event !== 'step'));
  }

  /** The stream has ended: from now on there is always a reason to look, which shows whether the host still is. */
  end(): void {
    this.#isOver = true;
    this.#come(true);
  }

  #come(isMore: boolean): void {
    this.#isThere = true;
    this.#isMore ||= isMore;
    this.#wake();
  }

  async next(): Promise<{ readonly isMore: boolean }> {
    if (this.#isOver) await pause(pollMs);
    else if (!this.#isThere) await new Promise<void>((resolve) => (this.#wake = resolve));
    const isMore = this.#isMore || this.#isOver;
    [this.#isThere, this.#isMore] = [false, false];
    return { isMore };
  }
}
