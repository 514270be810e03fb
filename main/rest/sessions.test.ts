/** Links and sessions by a clock that the test turns. */
import { expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

const minutes = 60_000;

it('opens a session by a link once, within five minutes, for twelve hours', () => {
  let now = 0;
  const sessions = new Sessions(() => now);
  const [link, late] = [sessions.newLink(), sessions.newLink()];
  now = 5 * minutes;
  const secret = sessions.open(link) ?? '';
  expect([sessions.isOpen(secret), sessions.open(link), sessions.open('x')]).toEqual([true, null, null]);
  now += 1;
  expect(sessions.open(late)).toBeNull();
  now = 5 * minutes + 12 * 60 * minutes;
  expect(sessions.isOpen(secret)).toBe(true);
  now += 1;
  expect(sessions.isOpen(secret)).toBe(false);
});
