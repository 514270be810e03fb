/** The base corpus: a seeded stream of documents in fixed shares. The same seed gives the same documents for ever. */
import { createRandom } from '../text/random.ts';
import { makeEcho, makeRepetition, makeSearch, makeTable } from './copying.ts';
import { renderDocument, type CorpusDocument, type DocumentMaker } from './document.ts';
import { makeDescription, makeQuestion, makeSmallTalk } from './facts.ts';
import { makeGlossary } from './glossary.ts';
import { makeBareRecords, makeJsonRecord } from './records.ts';
import { makeStory } from './stories.ts';

type Shares = readonly (readonly [number, DocumentMaker])[];

/**
 * Shares in percent; each part adds up to 100. `copying` is meant to be trained on before `mixed`: most of what `mixed` asks needs a look back into the context.
 */
const parts = {
  copying: [
    [60, makeEcho],
    [20, makeRepetition],
    [10, makeSearch],
    [10, makeTable],
  ],
  mixed: [
    [18, makeStory],
    [2, makeGlossary],
    [4, makeDescription],
    [6, makeQuestion],
    [5, makeSmallTalk],
    [5, makeEcho],
    [9, makeRepetition],
    [12, makeSearch],
    [6, makeTable],
    [3, makeBareRecords],
    [30, makeJsonRecord],
  ],
} as const satisfies Record<string, Shares>;

export type CorpusPart = keyof typeof parts;

const deckOf = (shares: Shares): DocumentMaker[] => shares.flatMap(([share, maker]) => Array.from({ length: share }, () => maker));

export const corpusSeed = 7_411;

/** `count` documents from the start of a part's stream. */
export function* corpusDocuments(part: CorpusPart, count: number, seed: number = corpusSeed): Generator<CorpusDocument> {
  const random = createRandom(seed);
  const deck = deckOf(parts[part]);
  for (let made = 0; made < count; made += 1) yield random.pick(deck)(random);
}

/** The texts of the stream as a tokenizer sees them: whole texts, and each message under its role. */
export function* corpusTexts(part: CorpusPart, count: number): Generator<string> {
  for (const document of corpusDocuments(part, count)) {
    if (document.kind === 'text') yield document.text;
    else yield* document.messages.map(({ role, content }) => `${role}\n${content}`);
  }
}

/** The stream as rows of a plain text data set, one JSON line each. */
export function* corpusJsonLines(part: CorpusPart, count: number): Generator<string> {
  for (const document of corpusDocuments(part, count)) yield `${JSON.stringify({ text: renderDocument(document) })}\n`;
}
