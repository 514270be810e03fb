/** Puts modules together that a GGUF file holds in parts, such as Granite's gate and up, where Hugging Face's model has one. */
import type { GgufFamily } from '../gguf/gguf-family.ts';
import { toHuggingFaceName } from '../gguf/tensor-names.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { TensorToWrite } from '../tensor-to-write.ts';

/** Each module's name without layer and suffix, and those of its parts from top to bottom, in Hugging Face's words. */
function fusedModules(family: GgufFamily): (readonly [module: string, parts: readonly string[]])[] {
  return Object.entries(family.writtenNames ?? {}).map(([module, names]) => [module, names.map((name) => toHuggingFaceName(family, name) ?? '')]);
}

export function joinedTensors<T extends DType>(tensors: readonly TensorToWrite<T>[], family: GgufFamily | undefined): readonly TensorToWrite<T>[] {
  if (family?.joinsParts !== true) return tensors;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const modules = fusedModules(family);
  return tensors.flatMap((tensor) => {
    const layer = /\.(\d+)\./.exec(tensor.name)?.[1] ?? '';
    const named = (module: string): string => `${module.replace('{n}', layer)}.weight`;
    const found = modules.find(([, parts]) => parts.some((part) => named(part) === tensor.name));
    if (found === undefined) return [tensor];
    const [module, names] = found;
    if (named(names[0] ?? '') !== tensor.name) return []; // written with the first part
    const parts = names.flatMap((name) => byName.get(named(name)) ?? []);
    return [stacked(named(module), parts)];
  });
}

function stacked<T extends DType>(name: string, parts: readonly TensorToWrite<T>[]): TensorToWrite<T> {
  const [first] = parts;
  if (first === undefined) throw new Error(`${name} has no parts`);
  async function* data(): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield* part.data();
  }
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return { name, dtype: first.dtype, shape: [rows, ...first.shape.slice(1)], data };
}
