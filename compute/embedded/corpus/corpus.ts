/** The base corpus: a seeded stream of documents in fixed shares. The same seed gives the same documents for ever. */
import type { Conversation } from '../../data/types.ts';
import { createRandom } from '../text/random.ts';
import { makeRepetition, makeSearch, makeTable } from './copying.ts';
import type { DocumentMaker } from './document.ts';
import { makeDescription, makeQuestion, makeSmallTalk } from './facts.ts';
import { makeBareRecords, makeJsonRecord } from './records.ts';
import { makeStory } from './stories.ts';

/** Shares in percent; they add up to 100. */
const shares: readonly (readonly [number, DocumentMaker])[] = [
  [22, makeStory],
  [4, makeDescription],
  [6, makeQuestion],
  [5, makeSmallTalk],
  [11, makeRepetition],
  [12, makeSearch],
  [6, makeTable],
  [4, makeBareRecords],
  [30, makeJsonRecord],
];

const deck = shares.flatMap(([share, maker]) => Array.from({ length: share }, () => maker));

export const corpusSeed = 7_411;

/** `count` documents from the start of the stream. */
export function* corpusDocuments(count: number, seed: number = corpusSeed): Generator<Conversation> {
  const random = createRandom(seed);
  for (let made = 0; made < count; made += 1) yield random.pick(deck)(random);
}

/** The texts of the stream as a tokenizer sees them: whole texts, and each message's content. */
export function* corpusTexts(count: number, seed: number = corpusSeed): Generator<string> {
  for (const document of corpusDocuments(count, seed)) {
    if (document.kind === 'text') yield document.text;
    else yield* document.messages.map(({ content }) => content);
  }
}
