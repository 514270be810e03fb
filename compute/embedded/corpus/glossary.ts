/** A little dictionary of office words and devices, so that each is a word the model knows (and one token) before any task uses it. */
import { textDocument, type DocumentMaker } from './document.ts';
import { lexicon } from './words.ts';

const meanings: Readonly<Record<string, string>> = {
  queue: 'a line of people who wait',
  priority: 'what comes first',
  product: 'a thing that is made and sold',
  order: 'what somebody wants to buy',
  sentiment: 'what somebody feels',
  billing: 'writing down what must be paid',
  shipping: 'bringing things to another place',
  returns: 'things that come back',
  technical: 'of machines and how they work',
  account: 'a page of your own',
  sales: 'selling things',
  low: 'near the ground, small',
  normal: 'as always',
  high: 'far above the ground, big',
  urgent: 'what cannot wait',
  neutral: 'neither good nor bad',
  pleased: 'happy with something',
  angry: 'not calm at all',
  worried: 'full of fear',
  request: 'what somebody asks for',
  detail: 'a small part of the whole',
  customer: 'somebody who buys',
  office: 'a place for work',
  support: 'help for somebody',
  ticket: 'a paper with a number',
  reply: 'an answer',
};

const entries: readonly (readonly [string, string])[] = [...Object.entries(meanings), ...lexicon.device.map((word) => [word, 'a device'] as const)];

export const makeGlossary: DocumentMaker = (random) => {
  const isJson = random.chance(70);
  const chosen = random.sample(entries, 4 + random.below(6));
  return textDocument(chosen.map(([word, meaning]) => (isJson ? JSON.stringify({ word, meaning }) : `${word}: ${meaning}`)).join('\n'));
};
