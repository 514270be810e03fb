/** The items of a score, a page at a time: from its file of records, which may be large. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import { recordsPath } from './benchmark-folder.ts';
import { RecordIndex, type Mark } from './record-index.ts';

/** Scores whose files stay indexed. */
const keptIndexes = 16;

export interface ScoreFiles {
  readonly score: StoredScore;
  /** The folder of its run. */
  readonly dir: string;
}

interface Found {
  /** What was asked for, and of how many records. */
  readonly question: string;
  readonly indices: readonly number[];
}

export class BenchmarkItems {
  readonly #indexes = new Map<string, RecordIndex>();
  readonly #found = new Map<string, Found>();

  async page(files: ScoreFiles, { only, text, after, limit }: ParsedInputOf<'benchmarks.items'>): Promise<OutputOf<'benchmarks.items'>> {
    const index = await this.index(files);
    const fitting = await this.#fitting(files.score.score, index, { only, text });
    const rest = fitting.filter((each) => each > after);
    return { items: await index.read(rest.slice(0, limit)), total: fitting.length, more: rest.length > limit };
  }

  /** As far as the file goes now. */
  async index({ score, dir }: ScoreFiles): Promise<RecordIndex> {
    const index = this.#indexes.get(score.score) ?? new RecordIndex(recordsPath(dir, score), markOf(score));
    // The one that was asked for last stands at the end.
    this.#indexes.delete(score.score);
    this.#indexes.set(score.score, index);
    for (const oldest of [...this.#indexes.keys()].slice(0, -keptIndexes)) this.#drop(oldest);
    await index.refresh();
    return index;
  }

  /** A run that is no more. */
  forget(run: string): void {
    for (const score of this.#indexes.keys()) if (score.startsWith(`${run}.`)) this.#drop(score);
  }

  #drop(score: string): void {
    this.#indexes.delete(score);
    this.#found.delete(score);
  }

  /** Words are looked for once for all pages. */
  async #fitting(score: string, index: RecordIndex, { only, text }: Pick<ParsedInputOf<'benchmarks.items'>, 'only' | 'text'>): Promise<readonly number[]> {
    const question = JSON.stringify([only, text, index.count]);
    const known = this.#found.get(score);
    if (known?.question === question) return known.indices;
    const all = Array.from({ length: index.count }, (_, i) => i);
    const marked = only === 'all' ? all : all.filter((i) => index.isRight(i) === (only === 'right'));
    const indices = text === null || text === '' ? marked : await index.withWords(marked, text);
    this.#found.set(score, { question, indices });
    return indices;
  }
}

/** The mark that the task's score is made of. */
function markOf({ declared }: StoredScore): Mark {
  return declared.kind === 'multiple_choice' && declared.metrics[0] === 'acc_norm' ? 'acc_norm' : 'acc';
}
