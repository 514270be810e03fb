/** The stand-in's configurations: YAML files in its folder, aliases among them, and what every change of them brings about. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Behaviour } from './faults.ts';
import { fetchFile, type DownloadFile } from './fetch-file.ts';
import { notFound, refusedChange, refusedPlainly } from './http.ts';

export type Config = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const baseOf = (config: Config): string => textOf((config['parameters'] as Config | undefined)?.['model']);
const filesOf = (config: Config): DownloadFile[] => (config['download_files'] as DownloadFile[] | undefined) ?? [];

export class Models {
  readonly folder: string;
  readonly #behaviour: Behaviour;
  readonly #pausesMs: readonly number[];
  readonly #configs = new Map<string, Config>();
  readonly #paths = new Map<string, string>();
  /** Changes wait for each other, and for the downloads that one of them began. */
  #lock: Promise<unknown> = Promise.resolve();

  constructor({ folder, behaviour, pausesMs }: { readonly folder: string; readonly behaviour: Behaviour; readonly pausesMs: readonly number[] }) {
    [this.folder, this.#behaviour, this.#pausesMs] = [folder, behaviour, pausesMs];
    mkdirSync(folder, { recursive: true });
    this.read();
  }

  get names(): string[] {
    return [...this.#configs.keys()].sort();
  }

  get(name: string): Config | undefined {
    return this.#configs.get(name);
  }

  need(name: string): Config {
    const found = this.#configs.get(name);
    if (found === undefined) throw notFound();
    return found;
  }

  /** The file of a configuration may be called otherwise. */
  path(name: string): string {
    return this.#paths.get(name) ?? join(this.folder, `${name}.yaml`);
  }

  text(name: string): string {
    this.need(name);
    return readFileSync(this.path(name), 'utf8');
  }

  get aliases(): { name: string; target: string }[] {
    return [...this.#configs].flatMap(([name, config]) => (textOf(config['alias']) === '' ? [] : [{ name, target: textOf(config['alias']) }]));
  }

  /** Files that lie there; configurations that are gone from the disk stay known. */
  read(): void {
    for (const file of readdirSync(this.folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))) {
      const config = parse(readFileSync(join(this.folder, file), 'utf8')) as Config;
      this.#configs.set(textOf(config['name']), config);
      this.#paths.set(textOf(config['name']), join(this.folder, file));
    }
  }

  /** Does what is asked once all earlier changes are through. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#lock.then(change, change);
    this.#lock = next.catch(() => undefined);
    return next;
  }

  /** Writes, then fetches what any configuration lacks: a failure leaves what was written. */
  async import(config: Config): Promise<void> {
    const name = textOf(config['name']);
    this.validate(config);
    if (name.includes('..')) throw refusedChange(400, `Model path not trusted: ${name}`);
    this.write(config);
    await this.preload().catch((error: unknown) => {
      throw refusedChange(500, `Failed to preload models: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  validate(config: Config): void {
    if (textOf(config['name']) === '') throw refusedChange(400, 'Name is required');
    const problem = this.aliasProblem(config);
    if (problem !== null) throw refusedChange(400, problem);
  }

  aliasProblem(config: Config): string | null {
    const target = textOf(config['alias']);
    if (target === '') return null;
    if (baseOf(config) !== '' || textOf(config['backend']) !== '') return 'an alias cannot have a backend or a model of its own';
    const found = this.#configs.get(target);
    if (found === undefined) return `alias target "${target}" does not exist`;
    if (textOf(found['alias']) !== '') return `alias target "${target}" is itself an alias`;
    return found['disabled'] === true ? `alias target "${target}" is disabled` : null;
  }

  write(config: Config): void {
    const name = textOf(config['name']);
    if (!existsSync(dirname(this.path(name))))
      throw refusedChange(500, `Failed to write configuration file: open ${this.path(name)}: no such file or directory`);
    if (this.#behaviour.diskFull) throw refusedChange(500, `Failed to write configuration file: write ${this.path(name)}: no space left on device`);
    writeFileSync(this.path(name), stringify(config));
    this.#configs.set(name, config);
  }

  async patch(name: string, patch: Config): Promise<void> {
    if (!this.#configs.has(name)) throw refusedPlainly(404, `model configuration not found: ${name}`);
    const merged = merge(parse(this.text(name)) as Config, patch);
    const problem = this.aliasProblem(merged);
    if (problem !== null) throw refusedPlainly(400, `invalid model configuration: ${problem}`);
    this.write(merged);
    await this.preload().catch(() => undefined);
  }

  async preload(): Promise<void> {
    const limits = { signal: new AbortController().signal, diskFull: this.#behaviour.diskFull, pausesMs: this.#pausesMs };
    for (const config of this.#configs.values()) for (const file of filesOf(config)) await fetchFile(this.folder, file, limits);
  }

  /** As a job that installs writes down which files it brought. */
  remember(name: string, files: readonly DownloadFile[]): void {
    writeFileSync(join(this.folder, `._gallery_${name}.yaml`), stringify({ files }));
  }

  forget(name: string): void {
    this.#configs.delete(name);
  }

  /** Files that no other configuration names go along. */
  deleteFiles(name: string): void {
    if (!existsSync(this.path(name))) throw new Error(`config file for model "${name}" not found`);
    const config = parse(readFileSync(this.path(name), 'utf8')) as Config;
    const gallery = join(this.folder, `._gallery_${name}.yaml`);
    const brought = existsSync(gallery) ? (parse(readFileSync(gallery, 'utf8')) as { files: DownloadFile[] }).files.map(({ filename }) => filename) : [];
    const used = new Set([...this.#configs.values()].filter((other) => other['name'] !== name).map(baseOf));
    for (const file of [...brought, baseOf(config)].filter((one) => one !== '' && !used.has(one))) rmSync(join(this.folder, file), { force: true });
    rmSync(gallery, { force: true });
    rmSync(this.path(name));
    this.#paths.delete(name);
  }

  effective(name: string): Config {
    const config = this.need(name);
    const usecases = ((config['known_usecases'] as string[] | undefined) ?? []).map((one) => `FLAG_${one.replace(/^FLAG_/, '').toUpperCase()}`);
    const defaults = { temperature: 0.9, top_p: 0.95, top_k: 40, min_p: 0, seed: -1 };
    return { context_size: 4096, ...config, known_usecases: usecases, parameters: { ...defaults, ...(config['parameters'] as Config | undefined) } };
  }

  revision(name: string): string {
    return createHash('sha256').update(this.text(name)).digest('hex');
  }
}

function merge(into: Config, from: Config): Config {
  const merged = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const before = merged[key];
    const isNested = (one: unknown): one is Config => typeof one === 'object' && one !== null && !Array.isArray(one);
    merged[key] = isNested(value) && isNested(before) ? merge(before, value) : value;
  }
  return merged;
}
