/** Finds control tokens written in a data set's own texts, where the tokenizer will read them as control tokens. */

export type FindControlToken = (text: string) => string | null;

const keyLength = 2;

export function makeControlTokenFinder(specials: Iterable<string>): FindControlToken {
  const byStart = new Map<string, string[]>();
  for (const special of specials) {
    const key = special.slice(0, keyLength);
    byStart.set(key, [...(byStart.get(key) ?? []), special]);
  }
  const starts = [...byStart];
  return (text) => {
    for (const [start, candidates] of starts) {
      for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
        const found = candidates.find((special) => text.startsWith(special, at));
        if (found !== undefined) return found;
      }
    }
    return null;
  };
}
