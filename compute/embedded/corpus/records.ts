/**
 * Records: notes from everyday life turned into JSON or key-value lines. Every document names the fields it wants, in any order and number, so the
 * model learns to follow the request, to copy values from the text and to tell a note's topic and tone. Nothing here is about support tickets.
 */
import { expand, polish, type Binding } from '../text/grammar.ts';
import type { Random } from '../text/random.ts';
import { digits, inventedWord } from './copying.ts';
import { exchange, textDocument, type DocumentMaker } from './document.ts';
import { lexicon, type Slot } from './words.ts';

interface Field {
  readonly key: string;
  readonly value: string;
  readonly sentence: string;
}

/** Sentences in which a copied value stands; the key is the slot's own name or a cousin of it. */
interface CopiedWords {
  readonly keys: readonly string[];
  readonly slot: Slot;
  readonly sentences: readonly string[];
}

/** Asked for most often: a few words, each copied many times, are what copying is learnt from first. */
const deviceWords: CopiedWords = {
  keys: ['device', 'tool', 'machine'],
  slot: 'device',
  sentences: [
    'We used a {v}.',
    'The {v} stood in the {place}.',
    'I repaired the {v}.',
    'My {relative} has a {v}.',
    'I bought a {v}, and the {v} {failed}.',
    'The {v} was {quality}.',
    'Where did you put the {v}?',
    'The {thing} and the {v} came (in one {postthing}|on {day}).',
    'The box of the {v} was {size}.',
    'I wrote a letter about my {v}.',
    'I know how to clean the {v}.',
    'You forgot the {v}.',
  ],
};

const copied: readonly CopiedWords[] = [
  { keys: ['name', 'person', 'who'], slot: 'name', sentences: ['{v} was there.', 'I met {v} on {day}.', 'It was {v} who came.'] },
  { keys: ['city', 'town', 'from'], slot: 'city', sentences: ['We were in {v}.', 'The letter came from {v}.', '{v} was full of people.'] },
  { keys: ['animal', 'pet'], slot: 'animal', sentences: ['There was a {v} in the {place}.', 'The {v} was {size}.', 'I fed the {v}, not the {animal}.'] },
  { keys: ['colour', 'paint'], slot: 'colour', sentences: ['The door was {v}.', 'I painted it {v}.', 'A {v} {thing} stood there.'] },
  deviceWords,
  { keys: ['thing', 'object', 'item'], slot: 'thing', sentences: ['I found a {v}.', 'The {v} was {quality}.', 'I lost the {v} near the {place}.'] },
  { keys: ['food', 'meal'], slot: 'food', sentences: ['We ate {v}.', 'There was {v} for dinner.', '{v} was on the table.'] },
  { keys: ['month', 'when'], slot: 'month', sentences: ['It was in {v}.', 'It happened last {v}.', '{v} was {quality}.'] },
  { keys: ['place', 'where'], slot: 'place', sentences: ['I waited at the {v}.', 'The {v} was closed.', 'We met behind the {v}.'] },
];

/** Fields whose value is a word for what the sentence says. */
const told: readonly { readonly keys: readonly string[]; readonly values: Readonly<Record<string, readonly string[]>> }[] = [
  {
    keys: ['tone', 'mood', 'feeling'],
    values: {
      fire: ['I was {cross}.', 'It was {blame}, and I am {cross}.', 'I shouted because I was {cross}.'],
      shade: ['I was {uneasy}.', 'I fear the worst.', 'It makes me {uneasy}.', 'Something may be wrong, I am {uneasy}.'],
      sun: ['I was {glad}.', 'It was {praise}, thanks.', 'I love it, it is {praise}.'],
      dust: ['I was {sad}.', 'It made me {sad}.'],
      pond: ['I was {calm}.', 'Everything was {calm}.', 'Here is what happened.'],
    },
  },
  {
    keys: ['time', 'pace', 'speed'],
    values: {
      hare: ['It must be done {now}.', 'Come {now}, it is an emergency.', 'I need it {now}.'],
      horse: ['It should be done {soon}.', 'I need it {soon}.', 'Please be quick.'],
      snail: ['It can wait until {later}.', 'There is no hurry.', 'Take your time, do it {later}.', 'No rush.'],
    },
  },
  {
    keys: ['topic', 'subject', 'about', 'kind'],
    values: {
      sky: ['The {weather} came with {weather}.', 'We saw {weather} and {weather}.'],
      games: ['We played {sport}.', 'I like {sport} more than {sport}.'],
      lessons: ['The {school} was {quality}.', 'I wrote an {school} for the {school}.'],
      sound: ['I heard a {music}.', 'The {music} and the {music} were {praise}.'],
      roads: ['The {travel} was late.', 'I took my {travel} to the {travel}.'],
      body: ['I had a {health}.', 'The {person} gave me a {health} for the {health}.'],
      soil: ['The {plant} grows well.', 'I planted a {plant} and a {plant}.'],
      pots: ['I need a {cooking}.', 'The {cooking} and the {cooking} were hot.'],
      coins: ['I paid the {moneything} by card.', 'The {moneything} was {size}.', 'I looked at the {moneything} and the {moneything}.'],
      stamps: ['The {postperson} brought a {postthing}.', 'A {postthing} lay at the {postplace}.'],
      locks: ['I wrote down my {keything}.', 'The {keything} and the {keything} are on paper.'],
      gears: ['The engine {failed}.', 'It had {fault} and {failed}.'],
    },
  },
];

const numbered = ['room', 'page', 'code', 'score', 'seat', 'year', 'bus', 'locker', 'line'] as const;
const numberSentences = ['The {key} is {v}.', 'It is {key} {v}.', '{key} {v}.', 'You will find it under {key} {v}.', 'My {key} number is {v}.'];

function copiedField(random: Random): Field {
  const { keys, slot, sentences } = random.chance(40) ? deviceWords : random.pick(copied);
  const value = random.chance(12) && slot !== 'colour' ? inventedWord(random) : random.pick(lexicon[slot]);
  return { key: random.pick(keys), value, sentence: random.pick(sentences).replaceAll('{v}', value) };
}

function toldField(random: Random): Field {
  const { keys, values } = random.pick(told);
  const value = random.pick(Object.keys(values));
  return { key: random.pick(keys), value, sentence: random.pick(values[value] ?? []) };
}

function numberField(random: Random): Field {
  const key = random.pick(numbered);
  const value = digits(random, 2 + random.below(5));
  return { key, value, sentence: random.pick(numberSentences).replaceAll('{key}', key).replaceAll('{v}', value) };
}

/** Two to four fields with different keys and at most one word of each list. */
function fields(random: Random): Field[] {
  const made = new Map<string, Field>();
  const wanted = 2 + random.below(3);
  while (made.size < wanted) {
    const field = random.pick([copiedField, copiedField, copiedField, toldField, toldField, toldField, numberField])(random);
    if (![...made.values()].some((other) => other.value === field.value || sameList(other.key, field.key))) made.set(field.key, field);
  }
  return [...made.values()];
}

const sameList = (left: string, right: string): boolean => [...copied, ...told].some(({ keys }) => keys.includes(left) && keys.includes(right));

const starts = ['', '', 'Hello.', 'Dear diary,', 'Hi,', 'Good morning.'];
const ends = ['', '', 'Thank you.', '{name}', 'Regards, {name}', 'Please write back.'];

function note(random: Random, all: readonly Field[]): string {
  const binding: Binding = new Map();
  const sentences = [random.pick(starts), ...random.sample(all, all.length).map(({ sentence }) => sentence), random.pick(ends)];
  const text = polish(
    sentences
      .filter((sentence) => sentence !== '')
      .map((sentence) => expand(random, sentence, lexicon, binding))
      .join(' '),
  );
  return random.chance(10) ? text.toLowerCase() : text;
}

const requests = ['Write this note as JSON with {keys}.', 'Reply as JSON with {keys}.', 'Sort this note. Reply as JSON with {keys}.', 'Give {keys} as JSON.'];

export const makeJsonRecord: DocumentMaker = (random) => {
  const all = fields(random);
  const asked = random.sample(all, random.chance(60) ? all.length : 1 + random.below(all.length));
  const request = random.pick(requests).replace('{keys}', asked.map(({ key }) => key).join(', '));
  return exchange(`${request}\n${note(random, all)}`, JSON.stringify(Object.fromEntries(asked.map(({ key, value }) => [key, value]))));
};

/** Records without a note: JSON lines and key-value lines of made-up people and things. */
export const makeBareRecords: DocumentMaker = (random) => {
  const keys = random.sample(copied, 2 + random.below(3));
  const isJson = random.chance(60);
  const lines = Array.from({ length: 2 + random.below(4) }, () => {
    const record = Object.fromEntries(keys.map(({ keys: [key = ''], slot }) => [key, random.pick(lexicon[slot])]));
    return isJson
      ? JSON.stringify(record)
      : Object.entries(record)
          .map(([key, value]) => `${key}: ${value}`)
          .join('\n');
  });
  return textDocument(lines.join(isJson ? '\n' : '\n\n'));
};
