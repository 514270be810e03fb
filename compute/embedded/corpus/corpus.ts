/** The base corpus: a seeded stream of documents in fixed shares. The same seed gives the same documents for ever. */
import { createRandom } from '../text/random.ts';
import { makeEcho, makeRepetition, makeSearch, makeTable } from './copying.ts';
import { renderDocument, type CorpusDocument, type DocumentMaker } from './document.ts';
import { makeDescription, makeQuestion, makeSmallTalk, makeUse } from './facts.ts';
import { makeGlossary } from './glossary.ts';
import { makeBareRecords, makeJsonRecord } from './records.ts';
import { makeStory } from './stories.ts';

/** Shares in percent; they add up to 100. */
const shares: readonly (readonly [number, DocumentMaker])[] = [
  [10, makeStory],
  [5, makeGlossary],
  [4, makeUse],
  [2, makeDescription],
  [4, makeQuestion],
  [6, makeSmallTalk],
  [3, makeEcho],
  [5, makeRepetition],
  [3, makeSearch],
  [3, makeTable],
  [5, makeBareRecords],
  [50, makeJsonRecord],
];

const deck = shares.flatMap(([share, maker]) => Array.from({ length: share }, () => maker));

export const corpusSeed = 7_411;

/** `count` documents from the start of the stream. */
export function* corpusDocuments(count: number, seed: number = corpusSeed): Generator<CorpusDocument> {
  const random = createRandom(seed);
  for (let made = 0; made < count; made += 1) yield random.pick(deck)(random);
}

/** The texts of the stream as a tokenizer sees them: whole texts, and each message under its role. */
export function* corpusTexts(count: number): Generator<string> {
  for (const document of corpusDocuments(count)) {
    if (document.kind === 'text') yield document.text;
    else yield* document.messages.map(({ role, content }) => `${role}\n${content}`);
  }
}

/** The stream as rows of a plain text data set, one JSON line each. */
export function* corpusJsonLines(count: number): Generator<string> {
  for (const document of corpusDocuments(count)) yield `${JSON.stringify({ text: renderDocument(document) })}\n`;
}
