import { describe, expect, it } from 'vitest';
import { expiresAt, tokenState } from './token-state.ts';

const now = new Date('2026-01-31T12:00:00.000Z');

describe('a token', () => {
  it.each([
    ['live', { revoked: null, expires: null }],
    ['live', { revoked: null, expires: '2026-01-31T12:00:00.001Z' }],
    ['expired', { revoked: null, expires: '2026-01-31T12:00:00.000Z' }],
    ['revoked', { revoked: '2026-01-01T00:00:00.000Z', expires: null }],
    ['revoked', { revoked: '2026-01-01T00:00:00.000Z', expires: '2026-01-02T00:00:00.000Z' }],
  ] as const)('is %s', (state, token) => {
    expect(tokenState(token, now)).toBe(state);
  });

  it('ends as many days from now as was chosen', () => {
    expect(expiresAt('30', now)).toBe('2026-03-02T12:00:00.000Z');
    expect(expiresAt('never', now)).toBeNull();
  });
});
