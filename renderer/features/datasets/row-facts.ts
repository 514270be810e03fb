/** What is worth knowing of rows, as names and values to be read. */
import { texts } from '../../texts/texts.ts';
import { shownFacts, type ShownFact } from '../files/file-facts.ts';
import type { ItemFacts } from '../shelf/fact-values.ts';

const words = texts.shelf.facts;
/** Shown elsewhere: the columns as a table, the lengths as a picture. */
const elsewhere = new Set(['columns', 'lengths', 'bytes', 'sha256', 'path']);

/** In the order in which they were told. */
export const rowFacts = (facts: ItemFacts): readonly ShownFact[] =>
  Object.entries(facts).flatMap(([key, value]) =>
    elsewhere.has(key) ? [] : shownFacts({ [key]: value }).map((fact) => ({ ...fact, name: words[key] ?? fact.name })),
  );
