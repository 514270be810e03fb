/** Writes what a run made: a PEFT adapter folder, or in full training a Hugging Face model folder. The same weights give the same bytes. */
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { AdapterTensors } from '../formats/adapters/adapter-tensors.ts';
import { peftBase, writePeftAdapter } from '../formats/adapters/peft-writer.ts';
import { writeMergedHuggingFace } from '../formats/merge/merged-huggingface.ts';
import type { MergedWeights } from '../formats/merge/merged-weights.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { loraMatrices } from '../nn/lora.ts';
import { rowsOf, scope, toFloats } from '../tensor/tensor.ts';
import type { RunFolder } from './run-folder.ts';
import type { Trainee } from './trainee.ts';

interface Trained {
  readonly trainee: Trainee;
  readonly source: ModelSource;
  readonly config: ResolvedTrainingConfig;
}

/** Returns the folder's path. */
export async function saveTrained(folder: RunFolder, trained: Trained): Promise<string> {
  const { trainee, source, config } = trained;
  folder.requireOwn();
  if (config.training.mode === 'lora') await writePeftAdapter(folder.adapter, adapterOf(trained), peftBase(source));
  else await writeMergedHuggingFace(folder.adapter, source, trainedWeights(trainee), { dtype: 'f32' });
  return folder.adapter;
}

function adapterOf({ trainee, source, config }: Trained): AdapterTensors {
  const { linears } = trainee.model;
  const matrices = [...loraMatrices(linears)].map(([module, { a, b, rank, magnitude }]) => {
    const weight = linears.find(({ name }) => name === module)?.weight;
    const alpha = trainee.initial?.matrices.get(module)?.alpha;
    const optional = { ...(magnitude === undefined ? {} : { magnitude }), ...(alpha === undefined ? {} : { alpha }) };
    return [module, { a, b, rank, inFeatures: weight?.inputs ?? 0, outFeatures: weight?.outputs ?? 0, ...optional }] as const;
  });
  const { rank, alpha, use_rslora: useRsLora, dropout } = config.lora; // those of `initial` where there is one
  const targetModules = [...new Set(matrices.map(([module]) => module.slice(module.lastIndexOf('.') + 1)))].sort();
  return { rank, alpha, useRsLora, dropout, targetModules, baseModelName: source.path, ropeLayout: source.ropeLayout, matrices: new Map(matrices) };
}

/** Rows of the trained weights, by name, in the source's form. */
function trainedWeights({ parameters }: Trainee): MergedWeights {
  const byName = new Map(parameters.map(({ name, value }) => [name, value]));
  return {
    rows(weight, from, to) {
      const value = byName.get(weight.name);
      if (value === undefined) throw new Error(`${weight.name} was not trained`);
      if (value.shape.length === 1) {
        const { shift = 0 } = weight;
        return toFloats(value)
          .subarray(from, to)
          .map((each) => each + shift);
      }
      return scope(() => toFloats(rowsOf(value, from, to)));
    },
  };
}
