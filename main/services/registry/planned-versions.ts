/** Makes versions of runs that were started with the wish to: when they are done, or when the next host finds that they are. */
import type { VersionDetails, VersionWords } from '../../../shared/contracts/registry-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Logger } from '../../platform/logger.ts';
import type { PlannedVersion } from '../../store/planned-version-rows.ts';
import type { Store } from '../../store/store.ts';
import { removePlanFile, writePlanFile } from './plan-file.ts';
import type { Registry } from './registry.ts';

export interface PlannedVersionsParts {
  readonly store: Store;
  readonly registry: Registry;
  readonly log: Logger;
}

export class PlannedVersions {
  readonly #parts: PlannedVersionsParts;
  readonly #working = new Map<string, Promise<void>>();

  constructor(parts: PlannedVersionsParts) {
    this.#parts = parts;
  }

  /** Before the run is queued. Throws VERSION_TAKEN. */
  plan(run: string, words: VersionWords, actor: Actor): void {
    const { planned, versions } = this.#parts.store;
    const { name, version } = words;
    if (version !== null && versions.has({ name, version })) throw new AppError('VERSION_TAKEN', { name, version });
    planned.put({ run, words, actor });
  }

  /** A run has its folder. Where it cannot be written the store alone knows, until the next start of the run. */
  keep(run: string): void {
    const { store, log } = this.#parts;
    const plan = store.planned.find(run);
    if (plan === null) return;
    try {
      writePlanFile(store.runs.get(run).dir, plan);
    } catch (error) {
      log.warn('what a run shall become cannot be written into its folder', { run, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** A run is done. What fails stays planned, and is tried again by the next host. */
  settle(run: string): Promise<void> {
    const known = this.#working.get(run);
    if (known !== undefined) return known;
    const plan = this.#parts.store.planned.find(run);
    if (plan === null) return Promise.resolve();
    const work = this.#make(plan).finally(() => this.#working.delete(run));
    this.#working.set(run, work);
    work.catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      this.#parts.log.error('a run could not be registered', { run, name: plan.words.name, problem });
    });
    return work;
  }

  /** What an earlier host left. */
  settleAll(): void {
    const { planned, runs } = this.#parts.store;
    for (const { run } of planned.all()) {
      const state = runs.find(run)?.state;
      if (state === undefined) planned.remove(run);
      else if (state === 'done') void this.settle(run).catch(() => undefined);
    }
  }

  /** The versions of a run, once one that is being made is there. Throws what making it throws. */
  async ofRun(run: string): Promise<VersionDetails[]> {
    const { store, registry } = this.#parts;
    if (store.runs.get(run).state === 'done') await this.settle(run);
    return store.versions.ofRun(run).map(({ name, version }) => registry.get({ name, version }));
  }

  get isWorking(): boolean {
    return this.#working.size > 0;
  }

  /** Waits for what is being made. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#working.values());
  }

  async #make({ run, words, actor }: PlannedVersion): Promise<void> {
    const { store, registry, log } = this.#parts;
    // A host that died just after it had made it.
    const made = store.versions.ofRun(run).find(({ name }) => name === words.name);
    if (made === undefined) {
      const { name, version } = await registry.registerRun({ ...words, run }, actor);
      log.info('run was registered', { run, version: `${name}@${version}` });
    }
    removePlanFile(store.runs.get(run).dir);
    store.planned.remove(run);
  }
}
