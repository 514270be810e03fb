/** What this installation and this machine are. Everything but the log's name stays the same while a host lives, so it is found out once. */
import { readFileSync } from 'node:fs';
import { release, type } from 'node:os';
import type { About } from '../../../shared/contracts/desk-calls.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { readHardware } from '../../platform/hardware.ts';
import type { Paths } from '../../platform/paths.ts';
import type { SecretKeeping, SecretKeys } from '../../platform/secret-keys.ts';
import { readSecrets } from '../../platform/secret-store.ts';
import { projectFiles } from '../../platform/project-files.ts';
import type { ProbeReport } from '../../workers/probe-engine.ts';
import { demoConfig, demoName } from '../demo-config.ts';
import { chosenKernels } from '../engine-kernels.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface AboutParts {
  readonly paths: Paths;
  readonly logPath: () => string;
  /** Throws ADDON_MISSING, ADDON_UNUSABLE, ISA_UNKNOWN. */
  readonly engine: () => Promise<ProbeReport>;
  /** null: this process opens no secrets. */
  readonly secretKeys: SecretKeys | null;
}

type Engine = About['engine'];
type Lasting = Omit<About, 'log_path' | 'engine' | 'secrets'>;

const placeOf: Readonly<Record<SecretKeeping['key'], About['secrets']>> = { 'safe-storage': 'shell', keyring: 'keyring', passphrase: 'file' };

export class AboutBook {
  readonly #parts: AboutParts;
  #engine: Promise<Engine> | undefined;
  #lasting: Lasting | undefined;

  constructor(parts: AboutParts) {
    this.#parts = parts;
  }

  async about(): Promise<About> {
    this.#lasting ??= lastingFacts(this.#parts.paths);
    this.#engine ??= this.#probe();
    const engine = await this.#engine;
    // One that does not run may be mended while the host goes on.
    if (engine.problem !== null) this.#engine = undefined;
    return { ...this.#lasting, log_path: this.#parts.logPath(), engine, secrets: await this.#secrets() };
  }

  async #secrets(): Promise<About['secrets']> {
    const { paths, secretKeys } = this.#parts;
    if (secretKeys === null) return 'file';
    const { key } = await secretKeys.keeping(readSecrets(paths.home)?.lock ?? null);
    return placeOf[key];
  }

  async #probe(): Promise<Engine> {
    try {
      const { answer } = await this.#parts.engine();
      return { isa: answer.isa, kernels: chosenKernels(answer), problem: null };
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { isa: null, kernels: [], problem: `${error.message}. ${error.remedy}` };
    }
  }
}

function lastingFacts({ home, models, datasets, runs, registry, logs }: Paths): Lasting {
  const { cpu, cores, memoryBytes, node } = readHardware();
  return {
    version: packageJson.version,
    home,
    node,
    platform: process.platform,
    arch: process.arch,
    os: `${type()} ${release()}`,
    cpu: { model: cpu, cores, memory_bytes: memoryBytes },
    folders: { models, datasets, runs, registry, logs },
    demo: { config: demoConfig(), name: demoName, test: projectFiles.demoTest },
    licences: licencesIn(readFileSync(projectFiles.dependencies, 'utf8')),
  };
}

/** Lathe's own, and those of the tables of dependencies.md that tell of the product, which a test compares with the installed packages. */
export function licencesIn(page: string): About['licences'] {
  const product = page.split('\n## For development')[0] ?? '';
  const rows = [...product.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|/gm)];
  const others = rows.map(([, name = '', licence = '']) => ({ package: name, licence: licence.trim() }));
  return [{ package: packageJson.name, licence: packageJson.license }, ...others.toSorted((a, b) => (a.package < b.package ? -1 : 1))];
}
