/** Trains a byte-level BPE vocabulary: the most frequent neighbouring pair becomes a token, again and again. Ties go to the smaller pair in code unit order. */
import { byteAlphabet, preTokenize, toByteAlphabet } from './pre-tokenize.ts';

export interface BpeVocabulary {
  /** Token texts in the byte alphabet (special tokens verbatim); a token's id is its index. */
  readonly tokens: readonly string[];
  /** Pairs in the order in which they merge. */
  readonly merges: readonly (readonly [string, string])[];
  readonly specialTokens: readonly string[];
}

export interface BpeTraining {
  readonly vocabularySize: number;
  readonly specialTokens: readonly string[];
  /** Pieces seen less often are left out: they cost time and are mostly noise. */
  readonly minPieceCount: number;
}

interface Word {
  readonly count: number;
  symbols: string[];
}

const separator = ' ';

export function trainBpe(texts: Iterable<string>, { vocabularySize, specialTokens, minPieceCount }: BpeTraining): BpeVocabulary {
  const words = countWords(texts, minPieceCount);
  const tokens = [...specialTokens, ...byteAlphabet];
  const merges: (readonly [string, string])[] = [];
  const pairs = new PairCounts(words);
  while (tokens.length < vocabularySize) {
    const best = pairs.mostFrequent();
    if (best === undefined) break;
    const [left = '', right = ''] = best.split(separator);
    merges.push([left, right]);
    tokens.push(left + right);
    pairs.merge(left, right);
  }
  return { tokens, merges, specialTokens };
}

function countWords(texts: Iterable<string>, minPieceCount: number): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const piece of preTokenize(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= minPieceCount).map(([piece, count]) => ({ count, symbols: toByteAlphabet(piece) }));
}

/** How often each pair of neighbours occurs, kept up to date while pairs merge. */
class PairCounts {
  readonly #counts = new Map<string, number>();
  readonly #wordsWith = new Map<string, Set<Word>>();

  constructor(words: readonly Word[]) {
    for (const word of words) this.#add(word, 1);
  }

  mostFrequent(): string | undefined {
    let best: string | undefined;
    let bestCount = 1;
    for (const [pair, count] of this.#counts) {
      if (count > bestCount || (count === bestCount && best !== undefined && pair < best)) [best, bestCount] = [pair, count];
    }
    return best;
  }

  merge(left: string, right: string): void {
    for (const word of [...(this.#wordsWith.get(left + separator + right) ?? [])]) {
      this.#add(word, -1);
      word.symbols = mergeSymbols(word.symbols, left, right);
      this.#add(word, 1);
    }
  }

  /** Adds (`sign` 1) or takes away (`sign` -1) all pairs of a word. */
  #add(word: Word, sign: 1 | -1): void {
    word.symbols.slice(1).forEach((right, index) => {
      const pair = (word.symbols[index] ?? '') + separator + right;
      const count = (this.#counts.get(pair) ?? 0) + sign * word.count;
      if (count === 0) this.#counts.delete(pair);
      else this.#counts.set(pair, count);
      if (sign === 1) this.#wordsWith.set(pair, (this.#wordsWith.get(pair) ?? new Set()).add(word));
      else this.#wordsWith.get(pair)?.delete(word);
    });
  }
}

function mergeSymbols(symbols: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let index = 0; index < symbols.length; index += 1) {
    const isPair = symbols[index] === left && symbols[index + 1] === right;
    merged.push(isPair ? left + right : (symbols[index] ?? ''));
    if (isPair) index += 1;
  }
  return merged;
}
