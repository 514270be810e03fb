/** The proposed number: higher than all there are, whatever those are. */
import fc from 'fast-check';
import { compare } from 'semver';
import { describe, expect, it } from 'vitest';
import { firstVersion, nextVersion } from './next-version.ts';

const number = fc.integer({ min: 0, max: 1_000 });
const suffix = fc.constantFrom('', '-rc.1', '-alpha', '-0.3');
const version = fc.tuple(number, number, number, suffix).map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);

describe('the next version', () => {
  it('is higher than every one there is', () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 6 }), fc.constantFrom('major' as const, 'minor' as const, 'patch' as const), (known, change) => {
        const next = nextVersion(known, change);
        expect(known.every((each) => compare(each, next) < 0)).toBe(true);
      }),
    );
  });

  it.each([
    [[], 'patch', firstVersion],
    [['1.0.0', '1.2.3', '1.2.0'], 'patch', '1.2.4'],
    [['1.2.3'], 'minor', '1.3.0'],
    [['1.2.3'], 'major', '2.0.0'],
    [['1.2.3', '2.0.0-rc.1'], 'patch', '2.0.0'],
  ] as const)('after %j by a %s is %s', (known, change, expected) => {
    expect(nextVersion(known, change)).toBe(expected);
  });
});
