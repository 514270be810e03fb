/** The stand-in's processes: which model is loaded, with which configuration, and why one is not. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviour } from './faults.ts';
import { Refused, refused } from './http.ts';
import { baseOf, type Config, type Models } from './models.ts';

export interface Loaded {
  /** As it was when it was loaded. */
  readonly config: Config;
  readonly adapter: string | null;
  busy: number;
}

export class Backend {
  readonly #models: Models;
  readonly #behaviour: Behaviour;
  readonly #loaded = new Map<string, Loaded>();
  readonly #cooldowns = new Map<string, number>();
  readonly #maxLoaded: number;

  constructor({ models, behaviour, maxLoaded }: { readonly models: Models; readonly behaviour: Behaviour; readonly maxLoaded: number }) {
    [this.#models, this.#behaviour, this.#maxLoaded] = [models, behaviour, maxLoaded];
  }

  get loaded(): string[] {
    return [...this.#loaded.keys()];
  }

  get(name: string): Loaded | undefined {
    return this.#loaded.get(name);
  }

  /** Throws why not; a second time within the cooldown only that. */
  async load(name: string): Promise<Loaded> {
    const there = this.#loaded.get(name);
    if (there !== undefined) return there;
    const cools = (this.#cooldowns.get(name) ?? 0) - Date.now();
    if (cools > 0) throw new Cooldown(`model "${name}" load is in cooldown after a recent failure; retry after ${String(Math.ceil(cools / 1000))}s`, cools);
    const config = this.#models.get(name);
    await pause(config === undefined ? this.#behaviour.guessMs : this.#behaviour.loadMs);
    const problem = config === undefined ? `could not load model "${name}"` : this.#problem(config);
    if (config === undefined || problem !== null) {
      this.#cooldowns.set(name, Date.now() + this.#behaviour.cooldownMs);
      throw new Error(problem ?? '');
    }
    this.#makeRoom();
    const loaded = { config, adapter: this.adapterOf(config), busy: 0 };
    this.#loaded.set(name, loaded);
    return loaded;
  }

  /** Waits for what is being answered. false: it is not loaded; null: it stayed busy and goes on. */
  async stop(name: string): Promise<boolean | null> {
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) return false;
    const end = Date.now() + this.#behaviour.stopWaitMs;
    while (loaded.busy > 0 && Date.now() < end) await pause(5);
    if (loaded.busy > 0) return null;
    this.#loaded.delete(name);
    return true;
  }

  /** As a new process has it. */
  clear(): void {
    this.#loaded.clear();
    this.#cooldowns.clear();
  }

  /** The file of the adapter that is applied; null: none is, also where the configuration names one without `lora_base`. */
  adapterOf(config: Config): string | null {
    const [adapter, switchedOn] = [config['lora_adapter'], config['lora_base']];
    if (typeof adapter !== 'string' || adapter === '' || typeof switchedOn !== 'string' || switchedOn === '') return null;
    return join(this.#models.folder, dirname(baseOf(config)), adapter);
  }

  #problem(config: Config): string | null {
    const adapter = this.adapterOf(config);
    const broken = [join(this.#models.folder, baseOf(config)), ...(adapter === null ? [] : [adapter])].map(brokenFile).find((one) => one !== null);
    return broken ?? this.#behaviour.loadProblem?.(config) ?? null;
  }

  #makeRoom(): void {
    for (const name of this.loaded) {
      if (this.#loaded.size < this.#maxLoaded) return;
      if (this.#models.get(name)?.['pinned'] !== true) this.#loaded.delete(name);
    }
  }
}

export class Cooldown extends Error {
  readonly ms: number;

  constructor(message: string, ms: number) {
    super(message);
    this.ms = ms;
  }
}

/** As a request hears it. */
export function asRefusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Cooldown)
    return new Refused(503, { error: { code: 503, message, type: 'model_load_cooldown' } }, { 'retry-after': String(Math.ceil(error.ms / 1000)) });
  return refused(500, message, 'server_error');
}

/** Whether the file is whole is left to a test's `loadProblem`. */
function brokenFile(path: string): string | null {
  const said = (what: string): string => `rpc error: code = Internal desc = Failed to load model. Error: ${what}`;
  if (!existsSync(path)) return said(`failed to open GGUF file '${path}' (No such file or directory)`);
  if (statSync(path).size < 4) return said('failed to read magic');
  const file = openSync(path, 'r');
  const magic = Buffer.alloc(4);
  readSync(file, magic, 0, 4, 0);
  closeSync(file);
  return magic.toString('latin1') === 'GGUF' ? null : said('invalid magic characters');
}
