/** "Did you mean …?" */
import { distance } from 'fastest-levenshtein';

/** The known word nearest to what was written, if it is near enough to be a slip of the pen. */
export function closest(written: string, known: readonly string[]): string | undefined {
  // Two letters changed places are two slips.
  const limit = written.length < 4 ? 1 : Math.max(2, Math.floor(written.length / 3));
  const ranked = known.map((word) => ({ word, slips: distance(written.toLowerCase(), word.toLowerCase()) })).sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best !== undefined && best.slips <= limit ? best.word : undefined;
}

/** A hint that suggests the nearest word, or lists all of them. */
export function suggest(written: string, known: readonly string[], what: string): string {
  const near = closest(written, known);
  return near === undefined ? `${what}: ${known.join(', ')}.` : `Did you mean ${near}?`;
}
