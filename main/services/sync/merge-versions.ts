/** Two changes of one version: what both say is merged, and its state goes forward only. */
import { z } from 'zod';
import { isImmutable, VersionState, type VersionState as State } from '../../../shared/domain/version-state.ts';
import { sameValue } from './fact-content.ts';
import { mergeFields, type Fields } from './merge-fields.ts';

/** How far a state is: of two the later stands. */
const order: readonly State[] = ['draft', 'candidate', 'approved', 'retired'];
const words = ['description', 'metadata'] as const;
const States = z.array(z.record(z.string(), z.json()));

export function mergeVersions(base: Fields, mine: Fields, theirs: Fields): { readonly fields: Fields; readonly clashes: readonly string[] } {
  const { fields, clashes } = mergeFields(base, mine, theirs, sameValue);
  const [was, here, there] = [stateOf(base), stateOf(mine), stateOf(theirs)];
  const isMine = there === was || (here !== was && later(here, there) === here);
  const states = joined(base['states'], ...(isMine ? [theirs['states'], mine['states']] : [mine['states'], theirs['states']]));
  const rest = clashes.filter((key) => key !== 'state' && key !== 'states');
  // What somebody answered for is not reworded by what was written before they did.
  const late = isImmutable(there) ? words.filter((key) => !sameValue(base[key], mine[key]) && !sameValue(mine[key], theirs[key])) : [];
  const kept = Object.fromEntries(late.map((key) => [key, theirs[key]]));
  return { fields: { ...fields, ...kept, state: isMine ? here : there, states }, clashes: [...rest, ...late.filter((key) => !rest.includes(key))] };
}

const stateOf = (fields: Fields): State => VersionState.safeParse(fields['state']).data ?? 'draft';
const later = (one: State, two: State): State => (order.indexOf(one) >= order.indexOf(two) ? one : two);

/** What each added, in order: the last one is of the state that stands. */
function joined(...histories: readonly unknown[]): unknown[] {
  const known = new Map<string, unknown>();
  for (const history of histories)
    for (const entry of States.safeParse(history).data ?? []) known.set(JSON.stringify(entry), known.get(JSON.stringify(entry)) ?? entry);
  return [...known.values()];
}
