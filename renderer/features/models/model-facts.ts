/** What is worth knowing of a model, as names and values to be read. */
import { texts } from '../../texts/texts.ts';
import { formatParameters, shownFacts, type ShownFact } from '../files/file-facts.ts';
import { numberIn, type ItemFacts } from '../shelf/fact-values.ts';

const words = texts.shelf.facts;
/** Shown elsewhere, each in a place of its own. */
const elsewhere = new Set(['sha256', 'bytes', 'path']);

/** In the order in which they were told. */
export function modelFacts(facts: ItemFacts): readonly ShownFact[] {
  const parameters = numberIn(facts, 'parameters');
  return Object.entries(facts).flatMap(([key, value]): readonly ShownFact[] => {
    if (elsewhere.has(key)) return [];
    const name = words[key];
    if (key === 'parameters' && parameters !== null) return [{ name: name ?? key, value: formatParameters(parameters) }];
    return shownFacts({ [key]: value }).map((fact) => ({ ...fact, name: name ?? fact.name }));
  });
}
