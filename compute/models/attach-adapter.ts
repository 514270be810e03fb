/** Puts a saved adapter onto a model. */
import type { Parameter } from '../autograd/tape.ts';
import { adapterScale, type AdapterTensors } from '../formats/adapters/adapter-tensors.ts';
import { openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { attachLoraMatrices } from '../nn/lora.ts';
import type { CausalModel } from './causal-model.ts';

/** The adapter's parameters, in its file's order. Throws ADAPTER_INVALID, ADAPTER_MISMATCH. */
export const attachAdapter = (model: CausalModel, path: string): readonly Parameter[] =>
  attachMatrices(model, openAdapterFor(path, model.weights.source), path);

/** The same for an adapter that has been read; `path` is for the message. */
export function attachMatrices(model: CausalModel, adapter: AdapterTensors, path: string): readonly Parameter[] {
  const complete = [...adapter.matrices].map(([module, each]) => [module, { ...each, scale: adapterScale(adapter, each) }] as const);
  return attachLoraMatrices(model.linears, new Map(complete), { path, base: adapter.baseModelName });
}
