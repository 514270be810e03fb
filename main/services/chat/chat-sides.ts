/** From what a user names to the files that answer: a model, and its adapter in the form that its engine takes. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ChatSide } from '../../../shared/contracts/chat-calls.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Paths } from '../../platform/paths.ts';
import { AdapterGguf } from '../adapter-gguf.ts';
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

export class ChatSides {
  readonly #parts: ChatSidesParts;
  readonly #ggufs: AdapterGguf;

  constructor(parts: ChatSidesParts) {
    this.#parts = parts;
    this.#ggufs = new AdapterGguf(parts);
  }

  /** Throws FILE_MISSING, VERSION_UNKNOWN, VERSION_EMPTY, ARTIFACT_CHANGED, and what the conversion of an adapter throws. */
  async find({ model: named, adapter: given }: ChatSide): Promise<FoundSide> {
    const { shelves } = this.#parts;
    const isVersion = named.includes('@') && !isAbsolute(named);
    const { model, adapter: own } = isVersion ? await this.#ofVersion(named) : { model: shelves.model(named), adapter: null };
    const adapter = given === null ? own : shelves.adapter(given);
    // What llama.cpp cannot load the engine answers itself.
    if (existsSync(join(model, 'config.json'))) return { model, adapter, engine: 'lathe' };
    return { model, adapter: adapter === null ? null : await this.#ggufs.of(adapter, model), engine: 'llama.cpp' };
  }

  async #ofVersion(text: string): Promise<{ readonly model: string; readonly adapter: string | null }> {
    const { registry, shelves } = this.#parts;
    const { dir, record } = await registry.findHere(parseVersionText(text));
    const { name, version, kind, base_model: base } = record;
    if (kind === 'note') throw new AppError('VERSION_EMPTY', { name, version });
    if (kind === 'adapter') return { model: shelves.model(base.path ?? base.name), adapter: shelves.adapter(`${name}@${version}`) };
    await requireUnchanged(dir, record);
    return { model: join(dir, 'model'), adapter: null };
  }
}
