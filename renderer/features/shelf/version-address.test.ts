import { expect, it } from 'vitest';
import { versionAddress } from './version-address.ts';

it('takes what is after the last @ as the version', () => {
  expect(versionAddress('support@1.2.0')).toBe('/registry/support/1.2.0');
  expect(versionAddress('a b@1.0.0+x')).toBe('/registry/a%20b/1.0.0%2Bx');
});
