/** Names on a shelf: what is proposed for a file, and what is wrong with one. */
import { ShelfName } from '../../../shared/domain/shelf-entry.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.shelf.import;
const endings = /\.(?:gguf|jsonl|ndjson|json|csv|tsv|parquet|txt|text|md)$/i;
/** Names that say nothing without their folder's. */
const general = /^(?:train|training|data|dataset|rows|model|test|validation)$/i;
const mostLetters = 90;

/** By its file or folder; free among `taken`. */
export function proposedName(path: string, taken: readonly string[]): string {
  const [name = '', folder = ''] = path
    .split(/[/\\]/)
    .filter((part) => part !== '')
    .toReversed();
  const own = name.replace(endings, '');
  const wanted = asName(general.test(own) ? `${folder}-${own}` : own);
  return free(wanted, taken);
}

const asName = (text: string): string =>
  text
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, mostLetters)
    .replace(/[.-]+$/, '') || 'unnamed';

function free(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let count = 2; ; count += 1) if (!taken.includes(`${name}-${count}`)) return `${name}-${count}`;
}

/** null: it can be taken. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (!ShelfName.safeParse(name).success) return words.nameShape;
  return taken.includes(name) ? words.nameTaken : null;
}
