/** Puts a saved adapter onto a model. */
import type { Parameter } from '../autograd/tape.ts';
import { adapterScale } from '../formats/adapters/adapter-tensors.ts';
import { openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { attachLoraMatrices } from '../nn/lora.ts';
import type { CausalModel } from './causal-model.ts';

/** The adapter's parameters, in its file's order. Throws ADAPTER_INVALID, ADAPTER_MISMATCH. */
export function attachAdapter(model: CausalModel, path: string): readonly Parameter[] {
  const adapter = openAdapterFor(path, model.weights.source);
  const matrices = new Map([...adapter.matrices].map(([module, each]) => [module, { ...each, scale: adapterScale(adapter, each) }]));
  return attachLoraMatrices(model.linears, matrices, { path, base: adapter.baseModelName });
}
