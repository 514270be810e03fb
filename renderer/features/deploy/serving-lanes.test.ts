import { describe, expect, it } from 'vitest';
import type { Serving } from '../../../shared/domain/deployment.ts';
import { momentOf, timelineOf } from './serving-lanes.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const now = Date.parse(at(10));
const serving = (from: number, to: number | null, more: Partial<Serving> = {}): Serving => ({
  ...{ target: 'office', server: 'one', alias: 'router', name: 'router', version: '1.0.0', served_as: 'router-1', share: 100, from: at(from) },
  ...{ to: to === null ? null : at(to), deployment: null, strategy: null, actor: null, reason: '' },
  ...more,
});

describe('timelineOf', () => {
  it('has nothing of nothing', () => {
    expect(timelineOf([], now)).toBeNull();
  });

  it('lays one after the other, up to now', () => {
    const timeline = timelineOf([serving(5, null, { version: '2.0.0' }), serving(0, 5)], now);
    expect(timeline?.lanes).toHaveLength(1);
    expect(timeline?.lanes[0]?.bars.map(({ what, start, length, foot, height, color }) => [what, start, length, foot, height, color])).toEqual([
      ['router@1.0.0', 0, 0.5, 0, 1, 0],
      ['router@2.0.0', 0.5, 0.5, 0, 1, 1],
    ]);
  });

  it('lays shares upon each other', () => {
    const bars = timelineOf([serving(0, null, { share: 75 }), serving(0, null, { share: 25, version: '2.0.0' })], now)?.lanes[0]?.bars;
    expect(bars?.map(({ foot, height }) => [foot, height])).toEqual([
      [0, 0.75],
      [0.75, 0.25],
    ]);
  });

  it('has a lane for every name and server, and one colour a version', () => {
    const lanes = timelineOf([serving(0, 1), serving(0, 1, { server: 'two' }), serving(2, 3, { alias: 'other' })], now)?.lanes;
    expect(lanes?.map(({ alias, server }) => [alias, server])).toEqual([
      ['router', 'one'],
      ['router', 'two'],
      ['other', 'one'],
    ]);
    expect(new Set(lanes?.flatMap(({ bars }) => bars.map(({ color }) => color)))).toEqual(new Set([0]));
  });

  it('names what is of no registry as the server does', () => {
    expect(timelineOf([serving(0, 1, { name: null, version: null })], now)?.lanes[0]?.bars[0]?.what).toBe('router-1 (not of this registry)');
  });
});

describe('momentOf', () => {
  it('reads a day and a time of this machine', () => {
    expect(momentOf('2026-03-03 9:30')).toBe(new Date('2026-03-03T09:30').toISOString());
    expect(momentOf('2026-03-03')).toBe(new Date('2026-03-03T12:00').toISOString());
  });

  it('takes nothing else', () => {
    for (const text of ['', '3 March', '2026-13-01', '2026-02-30', '2026-03-03 29:00']) expect(momentOf(text)).toBeNull();
  });
});
