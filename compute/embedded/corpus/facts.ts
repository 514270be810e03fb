/** Descriptions, questions with answers, lists and small talk over a little world of facts. */
import { expand, polish } from '../text/grammar.ts';
import type { Random } from '../text/random.ts';
import { exchange, textDocument, type DocumentMaker } from './document.ts';
import { lexicon, type Slot } from './words.ts';

interface Kind {
  readonly kind: string;
  readonly slot: Slot;
  readonly facts: readonly string[];
}

const kinds: readonly Kind[] = [
  { kind: 'animal', slot: 'animal', facts: ['It eats and sleeps.', 'It lives on a farm or in the forest.', 'It can run, swim or fly.'] },
  { kind: 'fruit', slot: 'fruit', facts: ['It grows on a tree.', 'It is sweet and you can eat it.', 'People make jam with it.'] },
  {
    kind: 'device',
    slot: 'device',
    facts: ['It needs power.', 'You can buy it in a shop.', 'When it is broken, it must be repaired.', 'It comes in a box with a cable.'],
  },
  { kind: 'colour', slot: 'colour', facts: ['You can paint a door with it.', 'You can see it.'] },
  { kind: 'city', slot: 'city', facts: ['Many people live there.', 'You can go there by train.', 'It has a station and a museum.'] },
  { kind: 'month', slot: 'month', facts: ['It is a part of the year.', 'It has about thirty days.'] },
  { kind: 'sport', slot: 'sport', facts: ['You can play it or watch it.', 'It keeps you strong.'] },
  { kind: 'feeling of anger', slot: 'cross', facts: ['People feel so when the service is terrible.', 'It is the opposite of calm.'] },
  { kind: 'feeling of fear', slot: 'uneasy', facts: ['People feel so when something may go wrong.'] },
  { kind: 'feeling of joy', slot: 'glad', facts: ['People feel so when something is great.', 'It is the opposite of sad.'] },
  { kind: 'matter of money', slot: 'moneything', facts: ['You pay it with a card.', 'The bank knows about it.', 'It has an amount.'] },
  { kind: 'matter of the post', slot: 'postthing', facts: ['The courier brings it.', 'It has an address and a tracking number.'] },
  { kind: 'matter of signing in', slot: 'keything', facts: ['You need it on the login page.', 'Do not tell it to others.', 'You can reset it by email.'] },
  { kind: 'food', slot: 'food', facts: ['You can eat or drink it.', 'It is on the table for dinner.'] },
  { kind: 'plant', slot: 'plant', facts: ['It grows in the garden.', 'It needs water and sun.'] },
];

/** What only this device does: words that keep the devices apart. */
const uses: Readonly<Record<string, string>> = {
  router: 'sends the network to every room',
  laptop: 'is a computer to carry',
  printer: 'puts letters on paper with ink',
  monitor: 'shows pictures on a desk',
  keyboard: 'has a button for every letter',
  camera: 'takes photos with a lens',
  tablet: 'is a flat computer to touch',
  phone: 'rings when somebody calls',
  charger: 'gives power to a battery',
  speaker: 'makes music loud',
  scanner: 'turns paper into files',
  headset: 'sits on both ears',
  projector: 'throws a film at the wall',
  microphone: 'hears a voice',
  television: 'shows the news in the evening',
  radio: 'plays songs from a tower',
  watch: 'tells the hour on your arm',
  mouse: 'moves an arrow on the screen',
  drone: 'flies with four wings',
  lamp: 'gives light at night',
  clock: 'ticks on the wall',
  kettle: 'boils water',
  heater: 'warms a cold room',
  fridge: 'keeps milk cold',
  oven: 'bakes bread',
  piano: 'has black and white keys',
};

export const makeUse: DocumentMaker = (random) => {
  const chosen = random.sample(Object.entries(uses), 2 + random.below(3));
  const [asked = ['', '']] = chosen;
  const text = chosen
    .map(([device, use]) => random.pick([`A ${device} ${use}.`, `The ${device} ${use}.`, `What ${use}? The ${device}.`, `${use}: ${device}.`]))
    .join(' ');
  return random.chance(40) ? textDocument(polish(text)) : exchange(polish(random.pick([`What ${asked[1]}?`, `Which device ${asked[1]}?`])), asked[0]);
};

const article = (word: string): string => (/^[A-Z]|^(something|the )/.test(word) ? word : `a ${word}`);
const kindsOf = (word: string): string[] => kinds.filter(({ slot }) => (lexicon[slot] as readonly string[]).includes(word)).map(({ kind }) => kind);

export const makeDescription: DocumentMaker = (random) => {
  const { kind, slot, facts } = random.pick(kinds);
  const word = random.pick(lexicon[slot]);
  const other = random.pick(lexicon[slot]);
  const lines = [
    `${word} is a ${kind}.`,
    ...random.sample(facts, facts.length),
    random.pick([`Another ${kind} is ${other}.`, `${other} is a ${kind} too.`, '']),
  ];
  return textDocument(polish(lines.join(' ')));
};

const questionMakers: readonly ((random: Random) => readonly [string, string])[] = [
  (random) => {
    const { kind, slot } = random.pick(kinds);
    return [`What is ${article(random.pick(lexicon[slot]))}?`, `It is a ${kind}.`];
  },
  (random) => {
    const { kind, slot } = random.pick(kinds);
    return [`Name ${article(kind)}.`, `${random.pick(lexicon[slot])}.`];
  },
  (random) => {
    const { kind, slot } = random.pick(kinds);
    const asked = random.chance(50) ? random.pick(lexicon[slot]) : random.pick(lexicon[random.pick(kinds).slot]);
    return [
      `Is ${article(asked)} a ${kind}?`,
      kindsOf(asked).includes(kind) ? `Yes, ${article(asked)} is a ${kind}.` : `No, ${article(asked)} is a ${kindsOf(asked)[0] ?? 'thing'}.`,
    ];
  },
  (random) => {
    const { kind, slot } = random.pick(kinds);
    const count = 2 + random.below(4);
    return [
      `List ${String(count)} of this kind: ${kind}.`,
      random
        .sample(lexicon[slot], count)
        .map((word, index) => `${String(index + 1)}. ${word}`)
        .join('\n'),
    ];
  },
];

export const makeQuestion: DocumentMaker = (random) => {
  const [question, answer] = random.pick(questionMakers)(random);
  return random.chance(30) ? textDocument(`Q: ${polish(question)}\nA: ${polish(answer)}`) : exchange(polish(question), polish(answer));
};

const talk: readonly (readonly [string, string])[] = [
  ['(Hello|Hi|Good morning|Good evening)(|, I am {name#a}).', '(Hello|Hi|Good day), how can I help you?'],
  ['How is the weather in {city#c}?', 'I do not know the weather in {city#c}, but I hope for {weather}.'],
  ['Thank you, you are {praise}.', 'You are welcome.'],
  ['My {device#d} {failed}. What can I do?', 'Turn the {device#d} off and on again, and look for an update.'],
  ['My {postthing#p} is late. What can I do?', 'Look at the tracking page of the {postthing#p}, or ask the {postperson}.'],
  ['I forgot my {keything#k}.', 'Reset the {keything#k} on the login page.'],
  ['What should I cook with {food#f}?', 'Make {food} and serve it with {food#f}.'],
  ['I am {sad#s}.', 'I am sorry that you are {sad#s}. Talk to your {relative}.'],
  ['Tell me about {name#a} and the {animal#n}.', '{name#a} {saw} a {colour} {animal#n} in the {place}, and they were {glad}.'],
];

export const makeSmallTalk: DocumentMaker = (random) => {
  const messages = random.sample(talk, 1 + random.below(3)).flatMap(([question, answer]) => {
    const binding = new Map<string, string>();
    return [
      { role: 'user' as const, content: polish(expand(random, question, lexicon, binding)) },
      { role: 'assistant' as const, content: polish(expand(random, answer, lexicon, binding)) },
    ];
  });
  return { kind: 'messages', messages: random.chance(20) ? [{ role: 'system', content: 'You are a friendly helper.' }, ...messages] : messages };
};
