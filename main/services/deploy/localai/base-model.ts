/** Finds the configuration on a server that serves the plain base, and says by what it is known to be the one. Touches nothing. */
import { posix } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { WantedBase } from '../target-driver.ts';
import type { WrittenConfig } from './answers.ts';
import { modelBytes, writtenConfig } from './config-calls.ts';
import type { RemoteServer } from './remote-server.ts';
import { modelNames } from './server-calls.ts';

export interface FoundBase {
  /** The configuration's name. */
  readonly model: string;
  readonly config: WrittenConfig;
  /** Its file, below the models folder there. */
  readonly file: string;
  readonly verifiedBy: 'hash' | 'name and size' | 'name';
}

export interface WhereBase {
  readonly signal: AbortSignal;
  /** The one that the target names; null: it is looked for. */
  readonly named: string | null;
}

type Verdict = FoundBase | { readonly problem: string };

/** Throws BASE_MISSING. */
export async function findBase(remote: RemoteServer, wanted: WantedBase, { signal, named }: WhereBase): Promise<FoundBase> {
  const missing = (problem: string): AppError => new AppError('BASE_MISSING', { server: remote.name, base: wanted.name, problem });
  const names = await modelNames(remote, signal);
  if (named !== null && !names.includes(named)) throw missing(`the target names ${named}, which is not there`);
  const problems: string[] = [];
  for (const name of named === null ? names : [named]) {
    const config = await writtenConfig(remote, name, signal);
    const verdict = await judge(remote, { name, config, wanted, isNamed: named !== null, signal });
    if (!('problem' in verdict)) return verdict;
    if (verdict.problem !== '') problems.push(verdict.problem);
  }
  throw missing(
    problems[0] ??
      (wanted.file === null
        ? 'it is no GGUF file here, and the target names no base_config'
        : `none of its ${String(names.length)} models has a file called ${wanted.file}`),
  );
}

interface Suspect {
  readonly name: string;
  readonly config: WrittenConfig | null;
  readonly wanted: WantedBase;
  readonly isNamed: boolean;
  readonly signal: AbortSignal;
}

/** A problem of no words: it is simply another model. */
async function judge(remote: RemoteServer, { name, config, wanted, isNamed, signal }: Suspect): Promise<Verdict> {
  const file = config?.parameters?.model;
  const isOther = { problem: isNamed ? `${name} has no file that could be the base` : '' };
  if (config === null || file === undefined || config.alias !== undefined || (config.lora_adapter ?? '') !== '') return isOther;
  if (!isNamed && posix.basename(file).toLowerCase() !== wanted.file?.toLowerCase()) return isOther;
  if (config.disabled === true) return { problem: `${name} is disabled` };
  if (!/^$|llama-cpp/.test(config.backend ?? '')) return { problem: `${name} runs on ${config.backend ?? ''}, which applies no adapters` };
  const found = { model: name, config, file };
  const hash = config.download_files?.find(({ filename }) => filename === file)?.sha256;
  if (hash !== undefined && hash !== '' && wanted.sha256 !== null) {
    if (hash !== wanted.sha256) return { problem: `${name} was fetched with another SHA-256` };
    return { ...found, verifiedBy: 'hash' };
  }
  // What was trained on is not always a file like the one that is served.
  const bytes = wanted.bytes !== null ? await modelBytes(remote, name, signal) : null;
  if (bytes === null) return { ...found, verifiedBy: 'name' };
  if (bytes !== wanted.bytes) return { problem: `the file of ${name} has ${String(bytes)} bytes, not ${String(wanted.bytes)}` };
  return { ...found, verifiedBy: 'name and size' };
}

/** Whether another configuration uses the same file: deleting the last one would take the file along. */
export async function isAnchored(
  remote: RemoteServer,
  { model, file, signal }: { readonly model: string; readonly file: string; readonly signal: AbortSignal },
): Promise<boolean> {
  for (const name of await modelNames(remote, signal)) {
    if (name === model) continue;
    if ((await writtenConfig(remote, name, signal))?.parameters?.model === file) return true;
  }
  return false;
}
