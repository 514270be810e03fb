/**
 * Turns sentence templates into sentences. A template is plain text with
 *   {slot}      a random word of that slot's list (a word may itself be a template),
 *   {slot#tag}  the same, but every mention of `slot#tag` within one `Binding` gives the same word,
 *   (a|b|c)     one of the alternatives; `(|very )` makes a word optional.
 */
import type { Random } from './random.ts';

/** Words by slot name. */
export type Lexicon = Readonly<Record<string, readonly string[]>>;
/** What tagged slots stand for so far; also the way to fix a slot beforehand. */
export type Binding = Map<string, string>;

const innermost = /\(([^()]*)\)|\{([a-z]+)(#\w+)?\}/;

export function expand(random: Random, template: string, lexicon: Lexicon, binding: Binding = new Map()): string {
  let text = template;
  for (let match = innermost.exec(text); match !== null; match = innermost.exec(text)) {
    const [whole, alternatives, slot = '', tag = ''] = match;
    const replacement = alternatives === undefined ? wordFor(random, slot + tag, lexicon, binding) : random.pick(alternatives.split('|'));
    text = text.slice(0, match.index) + replacement + text.slice(match.index + whole.length);
  }
  return text;
}

function wordFor(random: Random, key: string, lexicon: Lexicon, binding: Binding): string {
  const bound = binding.get(key);
  if (bound !== undefined) return bound;
  const [slot = '', tag] = key.split('#');
  const words = lexicon[slot];
  if (words === undefined) throw new Error(`no words for the slot {${slot}}`);
  const word = expand(random, random.pick(words), lexicon, binding);
  if (tag !== undefined) binding.set(key, word);
  return word;
}

/** Mends what filling slots leaves behind: `a` before a vowel, capital letters at sentence starts, doubled spaces. */
export function polish(text: string): string {
  return text
    .trim()
    .replace(/ {2,}/g, ' ')
    .replace(/\b([Aa]) (?=[aeiou])/g, '$1n ')
    .replace(/(^|[.!?] |\n)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
