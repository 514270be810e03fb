/** The sorting text of version numbers against semver's own order, and what names and tags may be. */
import fc from 'fast-check';
import { compare } from 'semver';
import { describe, expect, it } from 'vitest';
import { ModelName, parseVersionText, SemanticVersion, Tag, versionText } from '../../shared/domain/version.ts';
import { precedenceOf } from './version-order.ts';

const number = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 999_999_999_999_999 }));
const word = fc.stringMatching(/^[0-9]{0,2}[a-z-][0-9a-z-]{0,4}$/);
const prerelease = fc.array(fc.oneof(number.map(String), word), { maxLength: 3 });
const version = fc
  .tuple(number, number, number, prerelease)
  .map(([major, minor, patch, parts]) => `${major}.${minor}.${patch}${parts.length === 0 ? '' : `-${parts.join('.')}`}`)
  .filter((text) => text.length <= 64);

describe('version numbers', () => {
  it('sort in the database as semver sorts them', () => {
    fc.assert(
      fc.property(version, version, (one, other) => {
        const [a, b] = [precedenceOf(one), precedenceOf(other)];
        expect(a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))).toBe(compare(one, other));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are those of the schema', () => {
    fc.assert(fc.property(version, (each) => SemanticVersion.safeParse(each).success));
  });

  it.each(['1.0', '01.0.0', '1.0.0+build', '1.0.0-RC.1', '1.0.0-01', '1.0.0-', ' 1.0.0', '../1.0.0', '1.0.0\n', "1.0.0'; --"])('are not %j', (text) => {
    expect(SemanticVersion.safeParse(text).success).toBe(false);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', 'Upper', '-a', 'a-', 'con', 'nul.x', 'a b', 'a@b', '<b>', '\u001b[31m', 'a'.repeat(65)])(
    'names are not %j',
    (text) => {
      expect(ModelName.safeParse(text).success).toBe(false);
    },
  );

  it('tags differ from numbers and from latest', () => {
    expect(['production', 'lora', 'v1'].every((tag) => Tag.safeParse(tag).success)).toBe(true);
    expect(['latest', '1.0.0', '1.0.0-rc.1', 'A', ''].some((tag) => Tag.safeParse(tag).success)).toBe(false);
  });

  it('read back from name@version', () => {
    fc.assert(
      fc.property(version, (each) => {
        expect(parseVersionText(versionText({ name: 'support', version: each }))).toEqual({ name: 'support', version: each });
      }),
    );
    expect(parseVersionText('support')).toEqual({ name: 'support', version: 'latest' });
  });
});
