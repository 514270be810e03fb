/** What can be done with runs. Whoever asks, through whichever door, comes here. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { availableParallelism } from 'node:os';
import type { ParsedInputOf, OutputOf } from '../../shared/contracts/calls.ts';
import type { Run, RunDetails } from '../../shared/contracts/run-calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { machineKeys } from '../../shared/domain/cpu-optimization.ts';
import { newRunId } from '../../shared/domain/run-id.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { isActive, isEnded } from '../../shared/domain/run-state.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Paths } from '../platform/paths.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { EventHub } from './event-hub.ts';
import type { Ledger } from './ledger.ts';
import { requireSameRun, type RunBook } from './run-book.ts';
import { readRecord, summariseRun } from './run-folders.ts';
import type { PlannedVersions } from './registry/planned-versions.ts';
import type { Scheduler } from './scheduler.ts';
import type { Shelves } from './shelves.ts';
import { resolveRequest } from './training-request.ts';

export interface RunsParts {
  readonly paths: Paths;
  readonly shelves: Shelves;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly book: RunBook;
  readonly scheduler: Scheduler;
  readonly planned: PlannedVersions;
}

export class Runs {
  readonly #parts: RunsParts;

  constructor(parts: RunsParts) {
    this.#parts = parts;
  }

  start({ config, name, dir, priority, register }: ParsedInputOf<'runs.start'>, actor: Actor): Run {
    const { book, scheduler, paths, shelves, store, planned } = this.#parts;
    const request = resolveRequest(config, shelves);
    const created = book.time();
    const run = newRunId(new Date(created));
    const folder = dir === null ? join(paths.runs, run) : absolute(dir, 'runs.start.dir');
    const owner = store.runs.findByFolder(folder);
    // A run that ended before it made its folder (a missing data file) keeps nobody out of it.
    if (existsSync(join(folder, runFiles.record)) || (owner !== null && !isEnded(owner.state))) throw new AppError('RUN_FOLDER_TAKEN', { path: folder });
    if (register !== null) planned.plan(run, register, actor);
    const stored = book.add({ run, name, dir: folder, priority, created, queued: book.queueTime(), request }, { actor, action: 'runs.start' });
    scheduler.wake();
    return book.shown(stored);
  }

  list(filter: ParsedInputOf<'runs.list'>): OutputOf<'runs.list'> {
    const { runs, next } = this.#parts.store.runViews.list(filter);
    return { runs: runs.map((run) => this.#parts.book.shown(run)), next };
  }

  /** Reads the store alone, so that many may ask often. */
  status(run: string): Run {
    return this.#parts.book.shown(this.#parts.store.runViews.get(run));
  }

  get(run: string): RunDetails {
    const { book } = this.#parts;
    const stored = book.get(this.#upToDate(run));
    const { request, plan, result } = stored;
    const record = existsSync(join(stored.dir, runFiles.record)) ? readRecord(stored.dir) : null;
    return { ...book.shown(stored), request, plan, result, record, last_lines: [...lastLinesOf(stored)] };
  }

  /** By id, or by folder. Throws RUN_UNKNOWN. */
  find(reference: string): StoredRun {
    const { store } = this.#parts;
    return store.runs.find(reference) ?? store.runs.findByFolder(reference) ?? store.runs.get(reference);
  }

  /** The run's id, when the store has what its process has reported so far. */
  #upToDate(reference: string): string {
    const { store, scheduler } = this.#parts;
    const { run } = store.runViews.get(reference);
    scheduler.flush(run);
    return run;
  }

  metrics({ run, since, limit }: ParsedInputOf<'runs.metrics'>): OutputOf<'runs.metrics'> {
    return this.#parts.store.runs.metrics(this.#upToDate(run), since, limit);
  }

  sparklines({ runs, points }: ParsedInputOf<'runs.sparklines'>): OutputOf<'runs.sparklines'> {
    const { store } = this.#parts;
    return {
      series: Object.fromEntries(
        runs.flatMap((run) => {
          const line = store.runViews.sparkline(run, points);
          return line === null ? [] : [[run, line] as const];
        }),
      ),
    };
  }

  lines({ run, after, limit }: ParsedInputOf<'runs.lines'>): OutputOf<'runs.lines'> {
    const { lines, more } = this.#parts.store.runs.lines(this.#upToDate(run), after, limit);
    return { lines: [...lines], more };
  }

  pause(run: string, by: By): Run {
    const { book, scheduler } = this.#parts;
    const paused = book.change(this.find(run).run, 'pause', {}, asked(by, 'runs.pause'));
    scheduler.pause(paused.run);
    return book.shown(paused);
  }

  continue(run: string, by: By): Run {
    const { book, scheduler } = this.#parts;
    const going = book.change(this.find(run).run, 'continue', {}, asked(by, 'runs.continue'));
    scheduler.continue(going.run);
    return book.shown(going);
  }

  stop({ run, force }: ParsedInputOf<'runs.stop'>, by: By): Run {
    const { book, scheduler } = this.#parts;
    const found = this.find(run);
    if (isEnded(found.state)) throw new AppError('RUN_NOT_RUNNING', { run, state: found.state });
    requireSameRun(found, asked(by, 'runs.stop'));
    const changes = found.state === 'queued' ? { ended: book.time() } : {};
    // Asked a second time it may only become harder.
    const stopped = found.state === 'stopping' ? found : book.change(found.run, 'stop', changes, asked(by, 'runs.stop'));
    scheduler.stop(found.run, { force });
    return book.shown(stopped);
  }

  resume({ run, allow_drift, cpu_optimization }: ParsedInputOf<'runs.resume'>, by: By): Run {
    const { book, scheduler } = this.#parts;
    const found = this.find(run);
    if (isActive(found.state)) throw new AppError('RUN_BUSY', { path: found.dir, owner: scheduler.pidOf(found.run) ?? 'unknown' });
    const request = withMachine(recordedRequest(found), cpu_optimization);
    const changes = { queued: book.queueTime(), restarts: 0, resume: true, allow_drift, request };
    const queued = book.change(found.run, 'queue', changes, asked(by, 'runs.resume'));
    scheduler.wake();
    return book.shown(queued);
  }

  adopt(given: string, actor: Actor): Run {
    const { store, book } = this.#parts;
    const dir = absolute(given, 'runs.adopt.dir');
    const known = store.runs.findByFolder(dir);
    if (known !== null && (!isEnded(known.state) || !existsSync(join(dir, runFiles.record)))) return book.shown(known);
    const summary = summariseRun(dir);
    if (known?.run === summary.run) return book.shown(known);
    const same = store.runs.find(summary.run);
    if (same !== null && !isEnded(same.state)) throw new AppError('RUN_STATE', { run: same.run, state: same.state, change: `be moved to ${dir}` });
    // A folder that was moved: its run is known by another one.
    if (same !== null) return book.shown(book.move(summary, { actor, action: 'runs.adopt' }));
    return book.shown(book.adopt(summary, { actor, action: 'runs.adopt' }));
  }

  setPriority({ run, priority }: ParsedInputOf<'runs.setPriority'>, by: By): Run {
    const { book, scheduler } = this.#parts;
    const found = this.find(run);
    if (found.state !== 'queued') throw new AppError('RUN_STATE', { run: found.run, state: found.state, change: 'change its place in the queue' });
    const moved = book.update(found.run, { priority }, asked(by, 'runs.setPriority'));
    scheduler.wake();
    return book.shown(moved);
  }

  remove(run: string, by: By): null {
    const { store, ledger, paths } = this.#parts;
    const found = this.find(run);
    if (isActive(found.state) || found.state === 'queued') throw new AppError('RUN_STATE', { run: found.run, state: found.state, change: 'be removed' });
    ledger.record(() => {
      requireSameRun(store.runViews.get(found.run), asked(by, 'runs.remove'));
      store.runs.remove(found.run);
      const audit = { actor: by.actor, action: 'runs.remove', subject: `run ${found.run}`, before: { state: found.state, dir: found.dir }, after: null };
      const outbox = [{ entity: 'run', id: found.run, schema: 1, payload: null }] as const;
      return { result: null, fact: { audit, outbox, events: [{ event: 'run.removed', data: { run: found.run } }] } };
    });
    const isElsewhere = store.runs.findByFolder(found.dir) !== null;
    if (found.dir.startsWith(paths.runs + sep) && !isElsewhere) rmSync(found.dir, { recursive: true, force: true });
    return null;
  }
}

/** Who asks for a change, and what they have read of the run. */
type By = Pick<Caller, 'actor' | 'revision'>;

const asked = ({ actor, revision }: By, action: string) => ({ actor, revision, action });

/** Those of an attempt that has been followed by another one say nothing of how it stands. */
function lastLinesOf({ state, dir }: StoredRun): readonly string[] {
  const path = join(dir, runFiles.lastLines);
  if ((state !== 'failed' && state !== 'interrupted') || !existsSync(path)) return [];
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

/** Relative to what, only the caller would know. Dots are taken out: what lies where is decided by the path. */
function absolute(path: string, where: string): string {
  if (!isAbsolute(path)) throw new AppError('INPUT_INVALID', { where, problem: `${path} is no absolute path` });
  return resolve(path);
}

/** What really ran is in run.yaml; a run that never came so far has what was asked for. */
function recordedRequest({ run, dir, request }: StoredRun): TrainingRequest {
  if (!existsSync(join(dir, runFiles.record))) return request;
  const { config, explicit, run: owner } = readRecord(dir);
  // It ended before it made its folder, which has been another run's since.
  if (owner !== run) throw new AppError('RUN_FOLDER_TAKEN', { path: dir });
  return { config, explicit, notes: [] };
}

/** Only what does not change the result may be set anew. */
function withMachine(request: TrainingRequest, asked: ParsedInputOf<'runs.resume'>['cpu_optimization']): TrainingRequest {
  const { config } = request;
  const given = Object.fromEntries(machineKeys.flatMap((key) => (asked?.[key] === undefined ? [] : [[key, asked[key]]])));
  const wanted = { ...config.cpu_optimization, ...given };
  const cores = availableParallelism();
  const notes = wanted.num_workers > cores ? [`num_workers is cut from ${wanted.num_workers} to ${cores}, the cores of this machine.`] : [];
  return { ...request, notes, config: { ...config, cpu_optimization: { ...wanted, num_workers: Math.min(wanted.num_workers, cores) } } };
}
