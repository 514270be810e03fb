/** The stand-in's jobs: installing and deleting, one after another; their states stay until it is started anew. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { parse } from 'yaml';
import type { Backend } from './backend.ts';
import type { Behaviour } from './faults.ts';
import { fetchFile, type DownloadFile } from './fetch-file.ts';
import type { Config, Models } from './models.ts';

export interface JobState {
  processed: boolean;
  error?: string;
  message: string;
  progress: number;
  deletion: boolean;
  cancelled: boolean;
  phase?: string;
}

export interface ApplyBody {
  readonly url?: string;
  readonly name?: string;
  readonly overrides?: Config;
  readonly files?: readonly DownloadFile[];
}

export interface JobParts {
  readonly models: Models;
  readonly backend: Backend;
  readonly behaviour: Behaviour;
  readonly pausesMs: readonly number[];
  /** Causes are not told. */
  readonly isOpaque: boolean;
}

export class Jobs {
  readonly #parts: JobParts;
  readonly states = new Map<string, JobState>();
  readonly #stops = new Map<string, AbortController>();
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  install(body: ApplyBody): string {
    return this.#start(false, (signal) => this.#install(body, signal));
  }

  delete(name: string): string {
    const { models, backend } = this.#parts;
    models.forget(name);
    return this.#start(true, () =>
      models.inTurn(async () => {
        await backend.stop(name);
        models.deleteFiles(name);
        await models.preload();
      }),
    );
  }

  /** Whether there was something to cancel. The real one calls its end an error, too. */
  cancel(id: string): boolean {
    const state = this.states.get(id);
    if (state === undefined || state.processed) return false;
    this.#stops.get(id)?.abort();
    return true;
  }

  #start(deletion: boolean, work: (signal: AbortSignal) => Promise<void>): string {
    const id = randomUUID();
    const state: JobState = { processed: false, message: 'queued', progress: 0, deletion, cancelled: false, phase: 'queued' };
    const stop = new AbortController();
    this.states.set(id, state);
    this.#stops.set(id, stop);
    this.#queue = this.#queue.then(async () => {
      Object.assign(state, { message: 'processing', phase: 'processing' });
      try {
        await work(stop.signal);
        Object.assign(state, { processed: true, message: 'completed', progress: 100 });
      } catch (error) {
        const problem = this.#parts.isOpaque ? 'an error occurred' : error instanceof Error ? error.message : String(error);
        Object.assign(state, { processed: true, error: problem, message: `error: ${problem}` });
      }
    });
    return id;
  }

  async #install({ url = '', name = '', overrides = {}, files = [] }: ApplyBody, signal: AbortSignal): Promise<void> {
    const { models, behaviour, pausesMs } = this.#parts;
    if (/^https?:/.test(url)) throw new Error('requests to internal network addresses are not allowed');
    const path = url.replace(/^file:\/\//, '');
    if (!existsSync(path)) throw new Error(`lstat ${path}: no such file or directory`);
    if (!realpathSync(path).startsWith(`${realpathSync(models.folder)}/`)) throw new Error('path is outside of trusted root');
    const recipe = parse(readFileSync(path, 'utf8')) as Config;
    const config = { ...overrides, name: name === '' ? recipe['name'] : name };
    const problem = models.aliasProblem(config);
    if (problem !== null) throw new Error(problem);
    for (const file of files) await fetchFile(models.folder, file, { signal, diskFull: behaviour.diskFull, pausesMs });
    models.write(config);
    models.remember(String(config.name), files);
    await models.inTurn(() => models.preload());
  }
}
