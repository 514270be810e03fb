import { describe, expect, it } from 'vitest';
import { LogOnLimit } from './log-on-limit.ts';

const minute = 60_000;

function limited() {
  const clock = { now: 0 };
  const limit = new LogOnLimit(() => clock.now);
  const fail = (count: number, address = 'a'): void => Array.from({ length: count }).forEach(() => limit.failed(address));
  return { clock, fail };
}

describe('failed log-ons', () => {
  it('are ten a minute for each address', () => {
    const { clock, fail } = limited();
    fail(10);
    clock.now = 20_500;
    expect(() => fail(1)).toThrow(expect.objectContaining({ code: 'LOG_ON_LIMITED', facts: { address: 'a', seconds: 40 } }));
    expect(() => fail(10, 'b')).not.toThrow();
  });

  it('are forgotten a minute after the first', () => {
    const { clock, fail } = limited();
    fail(10);
    clock.now = minute - 1;
    expect(() => fail(1)).toThrow('Too many failed log-ons');
    clock.now = minute;
    expect(() => fail(10)).not.toThrow();
  });

  it('from more addresses than are kept cost no memory without end', () => {
    const { fail } = limited();
    fail(10, 'first');
    for (let i = 0; i < 10_000; i += 1) fail(1, `address ${i}`);
    expect(() => fail(10, 'first')).not.toThrow();
  });
});
