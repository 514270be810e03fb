/** A server in memory, with a driver: it knows models, aliases, what is loaded; and breaks where a test wants it to. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { Artifact, AskedChat, ChatOutcome, Installed, ServerState, TargetDriver } from '../../main/services/deploy/target-driver.ts';

export type Act = 'check' | 'state' | 'findBase' | 'install' | 'installed' | 'load' | 'unload' | 'remove' | 'setAlias' | 'chat' | 'score';

interface Model {
  readonly label: string | null;
  readonly correlation: string | null;
  /** What it says to everything. */
  readonly voice: string;
}

export class MemoryServer {
  readonly name: string;
  readonly models = new Map<string, Model>();
  readonly aliases = new Map<string, string>();
  readonly loaded = new Set<string>();
  /** Every act that was asked for, as `load support-1.0.0-…`. */
  readonly acts: string[] = [];
  /** Called before each act; throws to make it fail. */
  before: (act: Act, subject: string) => void | Promise<void> = () => undefined;
  /** Called after each act has been done, before it is answered. */
  after: (act: Act, subject: string) => void | Promise<void> = () => undefined;
  /** The adapter is taken in and not applied. */
  ignoresAdapters = false;
  answer: (model: string) => Partial<ChatOutcome> = () => ({});
  chatMs = 1;

  constructor(name: string) {
    this.name = name;
    this.models.set('base', { label: null, correlation: null, voice: 'base' });
  }

  /** As an earlier deployment left it. */
  put(
    model: string,
    { alias, label = null, correlation = null }: { readonly alias?: string; readonly label?: string | null; readonly correlation?: string | null } = {},
  ): void {
    this.models.set(model, { label, correlation, voice: model });
    this.loaded.add(model);
    if (alias !== undefined) this.aliases.set(alias, model);
  }

  /** What users would see. */
  snapshot(): unknown {
    return { models: [...this.models.keys()].sort(), aliases: Object.fromEntries([...this.aliases].sort()), loaded: [...this.loaded].sort() };
  }

  driver(): TargetDriver {
    const once = async <Result>(act: Act, subject: string, signal: AbortSignal, work: () => Result): Promise<Result> => {
      signal.throwIfAborted();
      this.acts.push(`${act} ${subject}`.trim());
      await Promise.race([this.before(act, subject), aborted(signal)]);
      signal.throwIfAborted();
      const result = work();
      await this.after(act, subject);
      return result;
    };
    return {
      server: this.name,
      check: ({ signal }) => once('check', '', signal, () => this.#report()),
      state: ({ signal }) =>
        once('state', '', signal, (): ServerState => ({ models: [...this.models.keys()], loaded: [...this.loaded], aliases: new Map(this.aliases) })),
      findBase: (base, { signal }) => once('findBase', base.name, signal, () => ({ model: 'base', verifiedBy: 'hash' as const })),
      install: (artifact, { signal, onProgress }) =>
        once('install', artifact.servedAs, signal, () => {
          onProgress(1);
          return this.#install(artifact);
        }),
      installed: (model, { signal }) => once('installed', model, signal, () => this.#installed(model)),
      load: (model, { signal }) => once('load', model, signal, () => this.#load(model)),
      unload: (model, { signal }) => once('unload', model, signal, () => void this.loaded.delete(model)),
      remove: (model, { signal }) => once('remove', model, signal, () => this.#remove(model)),
      setAlias: (alias, to, { signal, expected }) => once('setAlias', `${alias} ${String(to)}`, signal, () => this.#setAlias(alias, { to, expected })),
      chat: (asked, { signal }) => once('chat', asked.model, signal, () => this.#chat(asked)),
      score: ({ model, candidates }, { signal }) =>
        once('score', model, signal, () => candidates.map((_, i) => -i - (this.#voice(model) === 'base' ? 0 : 0.5))),
      callsOf: (act) => [`POST /${act}`],
    };
  }

  #report() {
    return {
      ...{ server: this.name, at: '2026-05-01T00:00:00.000Z', state: 'ok' as const, version: '1', auth: 'none' as const, distributed: false },
      can: { install: true, alias: true, score: true, patch: true, resources: true },
      ...{ memory_free_bytes: null, memory_total_bytes: null, models_bytes: null, artifact_address: null, round_trip_ms: 1 },
      loaded: [...this.loaded],
      aliases: [...this.aliases].map(([name, target]) => ({ name, target })),
      problems: [],
    };
  }

  #install({ servedAs, label, correlation }: Artifact): Installed {
    this.models.set(servedAs, { label, correlation, voice: this.ignoresAdapters ? 'base' : servedAs });
    return this.#installed(servedAs) ?? fail('just installed');
  }

  #installed(model: string): Installed | null {
    const found = this.models.get(model);
    if (found === undefined) return null;
    const { label, correlation } = found;
    return { servedAs: model, fingerprint: `print of ${model}`, adapterFile: `${model}.gguf`, label, correlation };
  }

  #load(model: string): void {
    if (!this.models.has(model)) throw new AppError('MODEL_NOT_LOADED', { server: this.name, model, problem: 'there is no such model' });
    this.loaded.add(model);
  }

  #remove(model: string): void {
    if ([...this.aliases.values()].includes(model)) throw new AppError('REMOTE_FAILED', { server: this.name, call: 'remove', problem: 'an alias leads there' });
    this.models.delete(model);
    this.loaded.delete(model);
  }

  #setAlias(alias: string, { to, expected }: { readonly to: string | null; readonly expected: string | null }): void {
    const now = this.aliases.get(alias) ?? null;
    if (now !== expected && now !== to) throw new AppError('ALIAS_MOVED', { server: this.name, alias, expected: String(expected), found: String(now) });
    if (to === null) this.aliases.delete(alias);
    else if (this.models.has(to)) this.aliases.set(alias, to);
    else throw new AppError('REMOTE_FAILED', { server: this.name, call: 'setAlias', problem: 'there is no such model' });
  }

  #voice(model: string): string {
    return this.models.get(this.aliases.get(model) ?? model)?.voice ?? fail(model);
  }

  #chat({ model }: AskedChat): ChatOutcome {
    const text = `I am ${this.#voice(model)}.`;
    return { text, finish: 'stop', firstMs: this.chatMs, totalMs: this.chatMs, promptTokens: 9, tokens: 5, ...this.answer(this.aliases.get(model) ?? model) };
  }
}

/** Whoever asked does not wait for it any longer. */
const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function fail(what: string): never {
  throw new Error(what);
}

export const unreachable = (server: string): AppError => new AppError('REMOTE_UNREACHABLE', { server, problem: 'the connection is refused' });
