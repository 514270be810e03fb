/** `npm run make:datasets`: writes the generated data sets into resources/datasets, or into the folder named as argument. */
import { join } from 'node:path';
import { writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { supportRoutingRows, toJsonLines } from './support-routing/dataset.ts';

export async function makeDatasets(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const split of ['train', 'test'] as const) {
    const path = join(folder, 'support-routing', `${split}.jsonl`);
    await writeWholeFileAtomically(path, toJsonLines(supportRoutingRows(split)));
    paths.push(path);
  }
  return paths;
}

if (import.meta.main) {
  const paths = await makeDatasets(process.argv[2] ?? join(import.meta.dirname, '..', '..', 'resources', 'datasets'));
  process.stdout.write(`${paths.join('\n')}\n`);
}
