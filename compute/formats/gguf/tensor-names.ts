/** Translates tensor names between GGUF and Hugging Face by a family's name table. */
import type { GgufFamily } from './gguf-family.ts';

const suffixPattern = /\.(weight|bias)$/;
const ggufLayerPattern = /^blk\.(\d+)\./;
const layerPattern = /\.(\d+)\./;

interface SplitName {
  readonly pattern: string;
  readonly layer: string;
  readonly suffix: string;
}

function split(name: string, layers: RegExp): SplitName {
  const suffix = suffixPattern.exec(name)?.[0] ?? '';
  const stem = suffix === '' ? name : name.slice(0, -suffix.length);
  const layer = layers.exec(`${stem}.`)?.[1] ?? '';
  const pattern = layer === '' ? stem : stem.replace(`.${layer}.`, '.{n}.');
  return { pattern, layer, suffix };
}

const ownProperty = (table: Readonly<Record<string, string>>, key: string): string | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** The Hugging Face name of a GGUF tensor; null if the family ignores it, undefined if it does not know it. */
export function toHuggingFaceName(family: GgufFamily, name: string): string | null | undefined {
  const { pattern, layer, suffix } = split(name, ggufLayerPattern);
  if (family.ignored.includes(pattern)) return null;
  const inLayer = (target: string): string => target.replace('{n}', layer);
  const whole = ownProperty(family.names, pattern + suffix);
  if (whole !== undefined && suffix !== '') return inLayer(whole);
  const target = ownProperty(family.names, pattern);
  return target === undefined ? undefined : inLayer(target) + suffix;
}

/** The GGUF names of a Hugging Face weight: several for a module that is held in equal parts, none if the family's tables lack it. */
export function toGgufNames(family: GgufFamily, name: string): readonly string[] {
  const { pattern, layer, suffix } = split(name, layerPattern);
  const found = Object.entries(family.names).find(([, target]) => target === pattern);
  const names = found === undefined ? (family.writtenNames?.[pattern] ?? []) : [found[0]];
  return names.map((target) => target.replace('{n}', layer) + suffix);
}
