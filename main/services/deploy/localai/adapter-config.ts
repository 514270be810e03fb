/** The configuration of an adapter's model: that of its base, with the adapter, and with everything said that a server would otherwise guess. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Artifact } from '../target-driver.ts';
import type { WrittenConfig } from './answers.ts';
import type { FoundBase } from './base-model.ts';

export interface AdapterPlace {
  /** Below the models folder there. */
  readonly filename: string;
  /** As the configuration names it: from the folder of the base's file, whichever that is. */
  readonly fromBase: string;
}

/** The name carries the hash: a file that is there is not fetched again, and running models have theirs open. */
export const adapterFile = ({ servedAs, sha256 }: Pick<Artifact, 'servedAs' | 'sha256'>): string => `${servedAs}-${sha256.slice(0, 12).toLowerCase()}.gguf`;

/** `folder`: below the models folder there; null: beside the base. */
export function adapterPlace(artifact: Pick<Artifact, 'servedAs' | 'sha256'>, base: string, folder: string | null): AdapterPlace {
  const beside = posix.dirname(base);
  const filename = posix.join(folder ?? posix.join(beside, 'lathe'), adapterFile(artifact));
  return { filename, fromBase: posix.relative(beside, filename) };
}

/** What belongs to the base alone. */
const ownToBase = [
  'name',
  'description',
  'usage',
  'alias',
  'download_files',
  'artifacts',
  'pinned',
  'disabled',
  'icon',
  'urls',
  'license',
  'lora_adapters',
  'lora_scales',
];

/** The server's own, which an installation might change to what it thinks fits the family. */
const generationDefaults = { temperature: 0.9, top_p: 0.95, top_k: 40, min_p: 0 };

const ownMark = 'Lathe: ';
const ownPattern = /^Lathe: (?<label>.*); deployment (?<correlation>.*); adapter sha256 [0-9a-f]{64}$/;

export interface Origin {
  readonly label: string;
  readonly correlation: string;
}

/** What an installation wrote there about itself; null: somebody else made it. */
export function originOf({ description }: WrittenConfig): Origin | null {
  const { label, correlation } = ownPattern.exec(description ?? '')?.groups ?? {};
  return label === undefined || correlation === undefined ? null : { label, correlation };
}

export interface EffectiveSettings {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly context_size?: number | null | undefined;
}

export function adapterConfig(
  artifact: Artifact,
  { base, place, effective }: { base: FoundBase; place: AdapterPlace; effective: EffectiveSettings | null },
): WrittenConfig {
  const kept = Object.fromEntries(Object.entries(base.config).filter(([key]) => !ownToBase.includes(key)));
  const template = base.config.template ?? {};
  const isTemplated = Object.keys(template).some((key) => key !== 'use_tokenizer_template');
  const options = base.config.options ?? [];
  const contextSize = base.config.context_size ?? effective?.context_size;
  return {
    ...kept,
    name: artifact.servedAs,
    description: `${ownMark}${artifact.label}; deployment ${artifact.correlation}; adapter sha256 ${artifact.sha256.toLowerCase()}`,
    backend: base.config.backend ?? 'llama-cpp',
    // Once one is said, only those that are said count; and without `score` a server guesses the template.
    known_usecases: [...new Set([...usecases(base.config), 'chat', 'completion', 'score'])].sort(),
    parameters: { ...definedIn(effective?.parameters), ...base.config.parameters, model: base.file },
    ...(contextSize == null ? {} : { context_size: contextSize }),
    ...(isTemplated
      ? {}
      : { template: { use_tokenizer_template: true }, options: options.includes('use_jinja:true') ? options : [...options, 'use_jinja:true'] }),
    lora_adapter: place.fromBase,
    // Without it the adapter is left out in silence.
    lora_base: base.file,
    lora_scale: 1,
  };
}

const definedIn = (effective: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(generationDefaults).map(([key, value]) => [key, typeof effective?.[key] === 'number' ? effective[key] : value]));

/** They are told as `FLAG_CHAT` and written as `chat`. */
const usecases = (config: WrittenConfig): string[] => (config.known_usecases ?? []).map((one) => one.replace(/^FLAG_/, '').toLowerCase());

/** What does not decide how it answers. */
const idle = ['description', 'usage', 'download_files', 'pinned', 'icon', 'urls', 'license'];

/** Of all that decides how a model answers, in whatever order it is written. */
export function fingerprintOf(config: WrittenConfig): string {
  const kept = Object.fromEntries(Object.entries({ ...config, known_usecases: usecases(config).sort() }).filter(([key]) => !idle.includes(key)));
  return createHash('sha256')
    .update(JSON.stringify(sorted(kept)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined && one !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
