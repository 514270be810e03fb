import { describe, expect, it } from 'vitest';
import { doneScore } from './score-for-tests.ts';
import { subjectNames, trendPoints } from './trend-points.ts';

const of = (version: string, ended: string, value = 0.5) =>
  doneScore({ label: `routing@${version}`, adapter: version, version: { name: 'routing', version }, ended, value });

describe('the trend of scores', () => {
  const newestFirst = [of('1.2.0', '2026-11-04T00:00:00Z', 0.7), of('1.10.0', '2026-11-03T00:00:00Z'), of('1.2.0', '2026-11-01T00:00:00Z', 0.6)];

  it('goes through versions in their order, each with its newest score', () => {
    const points = trendPoints(newestFirst, 'version');
    expect(points.map(({ label, value }) => [label, value])).toEqual([
      ['1.2.0', 0.7],
      ['1.10.0', 0.5],
    ]);
    expect(points.map(({ at }) => at)).toEqual([0.25, 0.75]);
  });

  it('goes through time with every score where it belongs', () => {
    const points = trendPoints(newestFirst, 'time');
    expect(points.map(({ value }) => value)).toEqual([0.6, 0.5, 0.7]);
    const [first = 0, second = 0, last = 0] = points.map(({ at }) => at);
    expect((second - first) / (last - first)).toBeCloseTo(2 / 3, 9);
  });

  it('draws an error of one standard error, not beyond what a share can be', () => {
    expect(trendPoints([doneScore({ value: 0.01, stderr: 0.02 })], 'time')[0]).toMatchObject({ low: 0, high: 0.03 });
  });

  it('lists versions under their name', () => {
    expect(subjectNames([...newestFirst, doneScore({ label: 'a base' })])).toEqual(['a base', 'routing']);
  });
});
