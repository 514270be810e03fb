/** The number to propose: semver's next after the highest there is. */
import { compare, inc } from 'semver';

export const firstVersion = '1.0.0';

export function nextVersion(known: readonly string[], change: 'major' | 'minor' | 'patch' = 'patch'): string {
  const highest = known.toSorted(compare).at(-1);
  return highest === undefined ? firstVersion : (inc(highest, change) ?? firstVersion);
}
