/** A model, with or without an adapter, its tokenizer and the engine's settings: what evaluation and generation start from. */
import type { Isa } from '../../shared/domain/isa.ts';
import type { EngineSettings } from '../../shared/contracts/compute-jobs.ts';
import { openModel } from '../formats/open-model.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { loadTokenizer } from '../formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { attachAdapter } from '../models/attach-adapter.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { buildModel } from '../models/registry.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { activationType, setUpEngine } from '../tensor/engine-setup.ts';

export interface LoadedModel extends Disposable {
  readonly source: ModelSource;
  readonly model: CausalModel;
  readonly tokenizer: Tokenizer;
  readonly modelTemplate: string | null;
  readonly dtype: FloatDType;
  /** What the kernels use. */
  readonly isa: Isa;
}

export function loadForInference(job: { readonly model: string; readonly adapter: string | null; readonly engine: EngineSettings }): LoadedModel {
  const source = openModel(job.model);
  const { isa, precision } = setUpEngine(job.engine.cpu, job.engine.precision);
  const dtype = activationType(precision);
  const tokenizer = loadTokenizer(source.tokenizer, source.path);
  const model = buildModel(source, 'lora');
  try {
    if (job.adapter !== null) attachAdapter(model, job.adapter);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { source, model, tokenizer, modelTemplate: source.chatTemplate, dtype, isa, [Symbol.dispose]: () => model.dispose() };
}
