/** A little dictionary of office words, so that each is a word the model knows (and one token) before any task uses it. */
import { textDocument, type DocumentMaker } from './document.ts';

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

export const makeGlossary: DocumentMaker = (random) => {
  const lines = random.sample(Object.entries(meanings), 3 + random.below(4)).map(([word, meaning]) => `${word}: ${meaning}`);
  return textDocument(lines.join('\n'));
};
