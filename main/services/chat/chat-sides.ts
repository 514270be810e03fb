/** From what a user names to the files that answer: a model, and its adapter in the form that its engine takes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { ChatSide } from '../../../shared/contracts/chat-calls.ts';
import type { EngineSettings } from '../../../shared/contracts/compute-jobs.ts';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { hashFile } from '../../platform/atomic-files.ts';
import type { Paths } from '../../platform/paths.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import { requireUnchanged } from '../registry/artifacts.ts';
import type { Registry } from '../registry/registry.ts';
import type { Shelves } from '../shelves.ts';

export interface FoundSide {
  readonly model: string;
  readonly adapter: string | null;
  readonly engine: 'llama.cpp' | 'lathe';
}

export interface ChatSidesParts {
  readonly paths: Paths;
  readonly shelves: Shelves;
  readonly registry: Registry;
  readonly compute: ComputeJobs;
}

export const chatEngine = (): EngineSettings => ({ cpu: cpuDefaults(availableParallelism()), precision: 'auto' });

export class ChatSides {
  readonly #parts: ChatSidesParts;
  /** Two sides may ask for one file at the same time. */
  readonly #making = new Map<string, Promise<string>>();

  constructor(parts: ChatSidesParts) {
    this.#parts = parts;
  }

  /** Throws FILE_MISSING, VERSION_UNKNOWN, VERSION_EMPTY, ARTIFACT_CHANGED, and what the conversion of an adapter throws. */
  async find({ model: named, adapter: given }: ChatSide): Promise<FoundSide> {
    const { shelves } = this.#parts;
    const isVersion = named.includes('@') && !isAbsolute(named);
    const { model, adapter: own } = isVersion ? await this.#ofVersion(named) : { model: shelves.model(named), adapter: null };
    const adapter = given === null ? own : shelves.adapter(given);
    // What llama.cpp cannot load the engine answers itself.
    if (existsSync(join(model, 'config.json'))) return { model, adapter, engine: 'lathe' };
    return { model, adapter: adapter === null ? null : await this.#asGguf(adapter, model), engine: 'llama.cpp' };
  }

  async #ofVersion(text: string): Promise<{ readonly model: string; readonly adapter: string | null }> {
    const { registry, shelves } = this.#parts;
    const { dir, record } = registry.find(parseVersionText(text));
    const { name, version, kind, base_model: base } = record;
    if (kind === 'note') throw new AppError('VERSION_EMPTY', { name, version });
    if (kind === 'adapter') return { model: shelves.model(base.path ?? base.name), adapter: shelves.adapter(`${name}@${version}`) };
    await requireUnchanged(dir, record);
    return { model: join(dir, 'model'), adapter: null };
  }

  /** A folder of PEFT is written as GGUF once, under a name that its content and its base make up. */
  async #asGguf(adapter: string, model: string): Promise<string> {
    if (statSync(adapter).isFile()) return adapter;
    const weights = ['adapter_config.json', 'adapter_model.safetensors'].map((name) => join(adapter, name)).filter((path) => existsSync(path));
    const hashes = await Promise.all(weights.map(async (path) => (await hashFile(path)).sha256));
    const { size, mtimeMs } = statSync(model);
    const key = createHash('sha256')
      .update(JSON.stringify([hashes, model, size, mtimeMs]))
      .digest('hex')
      .slice(0, 32);
    const out = join(this.#parts.paths.cache, 'chat', `${key}.gguf`);
    if (existsSync(out)) return out;
    const making = this.#making.get(out) ?? this.#export({ adapter, model, out }).finally(() => this.#making.delete(out));
    this.#making.set(out, making);
    return making;
  }

  async #export({ adapter, model, out }: { readonly adapter: string; readonly model: string; readonly out: string }): Promise<string> {
    mkdirSync(dirname(out), { recursive: true });
    const running = await this.#parts.compute.start<'export'>({
      job: { kind: 'export', adapter, model, to: 'gguf', quantization: 'f16', out, force: true, check: false, engine: chatEngine() },
      correlation: 'chat export',
      again: 'chat.generate',
      onEvent: () => undefined,
    });
    await running.result;
    return out;
  }
}
