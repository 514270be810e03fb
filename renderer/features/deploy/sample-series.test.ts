import { describe, expect, it } from 'vitest';
import type { DeploymentSample } from '../../../shared/domain/deployment.ts';
import { seriesOf } from './sample-series.ts';

const sample = (second: number, more: Partial<DeploymentSample> = {}): DeploymentSample => ({
  ...{ at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), server: 'one', side: 'new', ok: true, first_ms: 5, total_ms: 100, problem: null },
  ...more,
});

describe('seriesOf', () => {
  it('has nothing of nothing, and of a side that was never asked', () => {
    expect(seriesOf([])).toEqual([]);
    expect(seriesOf([sample(0)]).map(({ side }) => side)).toEqual(['new']);
  });

  it('puts both sides on one clock, in order', () => {
    const [fresh, before] = seriesOf([sample(4), sample(1, { side: 'previous' }), sample(2)]);
    expect([...(fresh?.xs ?? [])]).toEqual([1, 3]);
    expect([...(before?.xs ?? [])]).toEqual([0]);
  });

  it('counts failures, and times only what was answered', () => {
    const [side] = seriesOf([sample(0), sample(1, { ok: false, total_ms: 9_999, problem: 'no answer' }), sample(2, { total_ms: 300 })]);
    expect(side).toMatchObject({ requests: 3, failed: 1, p50: 100, p95: 300, lastProblem: 'no answer' });
    expect([...(side?.failures ?? [])]).toEqual([0, 1 / 2, 1 / 3]);
    expect([...(side?.latencies.xs ?? [])]).toEqual([0, 2]);
  });

  it('forgets failures that are long ago', () => {
    const samples = [sample(0, { ok: false }), ...Array.from({ length: 10 }, (_, i) => sample(i + 1))];
    expect(seriesOf(samples)[0]?.failures.at(-1)).toBe(0);
  });

  it('has no times where nothing was answered', () => {
    expect(seriesOf([sample(0, { ok: false })])[0]).toMatchObject({ p50: null, p95: null });
  });
});
