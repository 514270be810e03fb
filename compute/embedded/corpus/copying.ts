/** Copying exercises: repeating words and numbers, finding a number or a word in a text, continuing an arbitrary word-to-label table. */
import { expand, polish } from '../text/grammar.ts';
import type { Random } from '../text/random.ts';
import { exchange, textDocument, type DocumentMaker } from './document.ts';
import { lexicon, type Slot } from './words.ts';

const slots = Object.keys(lexicon) as Slot[];
const consonants = 'bcdfghjklmnprstvwz';
const vowels = 'aeiou';

/** A made-up word, so that copying cannot rely on knowing it. */
export function inventedWord(random: Random): string {
  const syllables = Array.from({ length: 2 + random.below(2) }, () => random.pick([...consonants]) + random.pick([...vowels]));
  return syllables.join('') + (random.chance(50) ? random.pick([...consonants]) : '');
}

export const digits = (random: Random, length: number): string => Array.from({ length }, () => String(random.below(10))).join('');

const anyWord = (random: Random): string => (random.chance(25) ? inventedWord(random) : random.pick(lexicon[random.pick(slots)]));
const anyItem = (random: Random): string => (random.chance(30) ? digits(random, 1 + random.below(6)) : anyWord(random));
const items = (random: Random, count: number): string[] => Array.from({ length: count }, () => anyItem(random));

export const makeRepetition: DocumentMaker = (random) => {
  const words = items(random, 3 + random.below(8));
  const line = words.join(', ');
  const [request, answer] = random.pick<readonly [string, string]>([
    ['Repeat', line],
    ['Copy this', line],
    ['Write as a JSON list', JSON.stringify(words)],
    ['What is the first word', words[0] ?? ''],
    ['What is the last word', words.at(-1) ?? ''],
    ['Say it backwards', words.toReversed().join(', ')],
  ]);
  return exchange(`${request}: ${line}`, answer);
};

/** A line of arbitrary words and numbers, written two to four times: what looking back is learnt from. */
export const makeEcho: DocumentMaker = (random) => {
  const line = items(random, 5 + random.below(16)).join(random.pick([' ', ', ', ' - ', '\n']));
  return textDocument(Array.from({ length: 2 + random.below(3) }, () => line).join('\n'));
};

const carriers = [
  'The {label} is {value}.',
  'My {label} is {value}.',
  'It has {label} {value}.',
  'Under {label} {value} it was written down.',
  '{label} {value}.',
  'See {label} {value}.',
  'The number of the {label} is {value}.',
];
const labels = [
  'room',
  'code',
  'page',
  'flight',
  'number',
  'score',
  'year',
  'line',
  'seat',
  'platform',
  'house',
  'bus',
  'phone number',
  'member number',
  'bag',
  'locker',
];
const fillers = [
  'The {person} {saw} a {colour} {thing}.',
  '{name} {went} to the {place}.',
  'The {device} {failed}.',
  'The {weather} was {quality}.',
  '{name} was {glad}.',
  '{name} was {cross}.',
  'The {food} was {praise}.',
  'It will be done {soon}.',
];

export const makeSearch: DocumentMaker = (random) => {
  const asked = random
    .sample(labels, 1 + random.below(2))
    .map((label) => ({ label, value: random.chance(80) ? digits(random, 2 + random.below(5)) : inventedWord(random) }));
  const lines = [
    ...asked.map(({ label, value }) => random.pick(carriers).replace('{label}', label).replace('{value}', value)),
    ...random.sample(fillers, 1 + random.below(4)),
  ];
  const text = polish(
    random
      .sample(lines, lines.length)
      .map((line) => expand(random, line, lexicon))
      .join(' '),
  );
  const target = random.pick(asked);
  return exchange(`${text}\n${random.pick([`What is the ${target.label}?`, `Find the ${target.label}.`])}`, target.value);
};

/** Pairs such as `dog -> wug` with the labels repeated: the model must look the label up in its context. */
export const makeTable: DocumentMaker = (random) => {
  const groups = random.sample(slots, 2 + random.below(3)).map((slot) => ({ slot, label: random.chance(50) ? inventedWord(random) : anyWord(random) }));
  const arrow = random.pick([' -> ', ': ', ' = ', ' is ']);
  const lines = Array.from({ length: 8 + random.below(10) }, () => {
    const { slot, label } = random.pick(groups);
    return `${random.pick(lexicon[slot])}${arrow}${label}`;
  });
  return textDocument(lines.join('\n'));
};
