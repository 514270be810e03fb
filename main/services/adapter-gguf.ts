/** An adapter in the form that llama.cpp takes: a PEFT folder is written as GGUF once, under a name that its content and its base make up. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineSettings } from '../../shared/contracts/compute-jobs.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { hashFile } from '../platform/atomic-files.ts';
import type { Paths } from '../platform/paths.ts';
import type { ComputeJobs } from './compute-jobs.ts';

export interface AdapterGgufParts {
  readonly paths: Paths;
  readonly compute: ComputeJobs;
}

/** How the engine is set up for work beside what the user does. */
export const besideEngine = (): EngineSettings => ({ cpu: cpuDefaults(availableParallelism()), precision: 'auto' });

export class AdapterGguf {
  readonly #parts: AdapterGgufParts;
  /** Two may ask for one file at the same time. */
  readonly #making = new Map<string, Promise<string>>();

  constructor(parts: AdapterGgufParts) {
    this.#parts = parts;
  }

  /** Throws what the conversion throws. */
  async of(adapter: string, model: string): Promise<string> {
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
      job: { kind: 'export', adapter, model, to: 'gguf', quantization: 'f16', out, force: true, check: false, engine: besideEngine() },
      correlation: 'adapter export',
      again: 'the same',
      onEvent: () => undefined,
    });
    await running.result;
    return out;
  }
}
