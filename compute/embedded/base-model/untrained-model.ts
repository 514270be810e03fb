/** Writes the base model before its training, as a Hugging Face folder: config, tokenizer, and random weights from a seed. */
import { join } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeFolderAtomically, writeWholeFileAtomically } from '../../formats/atomic-file.ts';
import { writeSafetensors } from '../../formats/safetensors/safetensors-writer.ts';
import { float32Tensor } from '../../formats/tensor-to-write.ts';
import { tokenizerConfig, tokenizerJson } from '../tokenizer/tokenizer-files.ts';
import { baseArchitecture, baseModelConfig, baseTensorShapes } from './architecture.ts';
import { trainBaseVocabulary } from './vocabulary.ts';

const weightSeed = 1_105;

/**
 * How wide the weights are drawn: about 1/sqrt(hidden size) for what reads the residual stream, so that attention does not start out even; smaller for
 * what adds to it. A choice, not a measured optimum.
 */
const deviations = { wide: 0.06, narrow: 0.02 } as const;
const wideNames = /(q|k|v|gate|up)_proj\.weight$/;
const deviationOf = (name: string): number => (wideNames.test(name) ? deviations.wide : deviations.narrow);

export async function writeUntrainedModel(folder: string): Promise<void> {
  const vocabulary = trainBaseVocabulary();
  const files = {
    'config.json': baseModelConfig(),
    'tokenizer.json': tokenizerJson(vocabulary),
    'tokenizer_config.json': tokenizerConfig(vocabulary, baseArchitecture.maxPositions),
  };
  await writeFolderAtomically(folder, async (temporary) => {
    for (const [name, content] of Object.entries(files)) await writeWholeFileAtomically(join(temporary, name), `${JSON.stringify(content, null, 1)}\n`);
    await writeSafetensors(join(temporary, 'model.safetensors'), untrainedTensors(), { format: 'pt' });
  });
}

/** Norms are 1; everything else is drawn from a normal distribution, in the order of the names. */
function untrainedTensors(): ReturnType<typeof float32Tensor>[] {
  const normal = normalSource(weightSeed);
  return baseTensorShapes().map(([name, shape]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (shape.length === 1) values.fill(1);
    else {
      const deviation = deviationOf(name);
      for (let index = 0; index < values.length; index += 1) values[index] = deviation * normal();
    }
    return float32Tensor(name, shape, values);
  });
}

/** Standard normal numbers (Box and Muller; one of each pair is enough here). */
function normalSource(seed: number): () => number {
  const source = xoroshiro128plus(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(source))) * Math.cos(2 * Math.PI * uniformFloat64(source));
}
