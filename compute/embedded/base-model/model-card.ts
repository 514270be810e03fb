/** The README beside the embedded base model: what it is, how it was made, and what decides its bits. Its hash is checked by a test. */
import { baseArchitecture } from './architecture.ts';
import { baseVocabularySize } from './vocabulary.ts';

export interface ModelCardFacts {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly parameters: number;
  readonly rows: number;
  readonly steps: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly finalLoss: number;
  readonly holdoutLoss: number | null;
  readonly isa: string;
  readonly precision: string;
  readonly processor: string;
  readonly workers: number;
}

const million = (count: number): string => `${(count / 1e6).toFixed(2)} million`;
const grouped = (count: number): string => count.toLocaleString('en-US');
const loss = (value: number | null): string => (value === null ? 'not measured' : value.toFixed(3));

/** The hash as the README states it; null where there is none for this file. */
export const statedHash = (card: string, file: string): string | null =>
  new RegExp(`^\\| \`${file}\` \\|.*\\| \`([0-9a-f]{64})\` \\|$`, 'm').exec(card)?.[1] ?? null;

export function renderModelCard(facts: ModelCardFacts): string {
  const { hiddenSize, layers, heads, keyValueHeads, intermediateSize, maxPositions } = baseArchitecture;
  return `# Models that come with Lathe
| file | bytes | SHA-256 |
|---|---|---|
| \`${facts.file}\` | ${grouped(facts.bytes)} | \`${facts.sha256}\` |

A very small language model to try everything with, offline and in seconds: a Llama of ${million(facts.parameters)} parameters (${String(layers)} layers, hidden size
${String(hiddenSize)}, ${String(heads)} heads over ${String(keyValueHeads)} key-value heads, feed-forward ${String(intermediateSize)}, tied embeddings, context ${String(maxPositions)}), with a byte-level BPE vocabulary of ${String(baseVocabularySize)} and the
ChatML template, both inside the file. It writes simple English and JSON about a little world of dogs, letters and machines, and knows nothing else: it is
there to be fine-tuned, not to be asked.

## How it was made
\`npm run make:base-model\` makes it and writes this page: text from the grammars and seeds in \`compute/embedded/corpus\`, a vocabulary trained on that text,
random weights from a seed, and Lathe's own trainer in \`full\` mode (\`compute/embedded/base-model/pretraining.ts\` has the settings).

| | |
|---|---|
| rows, each seen once | ${grouped(facts.rows)} |
| tokens | ${grouped(facts.tokens)} |
| optimizer steps | ${grouped(facts.steps)} |
| loss of the last step, and on rows held out | ${loss(facts.finalLoss)}, ${loss(facts.holdoutLoss)} nats a token |
| time | ${(facts.seconds / 60).toFixed(1)} minutes with ${String(facts.workers)} worker threads on ${facts.processor} |
| instruction set, precision | \`${facts.isa}\`, \`${facts.precision}\` |

The instruction set, the precision and the kernels chosen for them decide the bits, and \`run.yaml\` of the run (kept with \`--work DIR\`) names them all. The same
ones and the same sources give the same bytes, whatever the number of threads; others round their sums differently and give another file.

## Licence
CC0-1.0: made by a program from text made by a program, so do with it as you like. The program is MIT.
`;
}
