/** Values on their way to a driver and back. */
import { describe, expect, it } from 'vitest';
import { fromDriver, plainDecimal, toDriver } from './values.ts';

describe('values', () => {
  it.each([
    ['2026-11-22T10:20:30.1234567Z', '2026-11-22 10:20:30.1234567'],
    ['2026-11-22T00:30:00+09:00', '2026-11-21 15:30:00'],
    ['2026-11-22T10:20Z', '2026-11-22 10:20:00'],
    ['2026-11-22 10:20:30', '2026-11-22 10:20:30'],
  ])('the instant %s goes as %s', (iso, hana) => {
    expect(toDriver(iso, 'instant')).toBe(hana);
  });

  it('an instant comes back in ISO 8601, with milliseconds at least', () => {
    expect(fromDriver('2026-11-22 10:20:30.120000000', 'instant')).toBe('2026-11-22T10:20:30.120Z');
    expect(fromDriver('2026-11-22 10:20:30.123456700', 'instant')).toBe('2026-11-22T10:20:30.1234567Z');
    expect(fromDriver('2026-11-22 10:20:30', 'second')).toBe('2026-11-22T10:20:30Z');
  });

  it.each([
    ['1.5e-7', '0.00000015'],
    ['-1.25e3', '-1250'],
    ['12345e-2', '123.45'],
    ['12.500', '12.500'],
  ])('the decimal %s is %s', (given, plain) => {
    expect(plainDecimal(given)).toBe(plain);
  });

  it('bytes go as base64, whole numbers beyond 2^53 as text', () => {
    expect(toDriver('AAH/', 'bytes')).toEqual(Buffer.from([0, 1, 255]));
    expect(fromDriver(Buffer.from([0, 1, 255]), 'bytes')).toBe('AAH/');
    expect([fromDriver(9_007_199_254_740_993n, 'plain'), fromDriver(42n, 'plain')]).toEqual(['9007199254740993', 42]);
  });
});
