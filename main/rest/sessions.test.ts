/** Links and sessions by a clock that the test turns. */
import { expect, it } from 'vitest';
import { LogOnLimit } from './log-on-limit.ts';
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

it('forgets failed log-ons after a minute', () => {
  let now = 0;
  const limit = new LogOnLimit(() => now);
  const failures = (count: number): void => Array.from({ length: count }).forEach(() => limit.failed('a'));
  failures(10);
  expect(() => limit.failed('a')).toThrow('Too many failed log-ons');
  expect(() => limit.failed('b')).not.toThrow();
  now = minutes;
  expect(() => failures(10)).not.toThrow();
});
