/** How both sides of a deployment did on the requests that were made to look, as curves and figures. Pure. */
import type { DeploymentSample } from '../../../shared/domain/deployment.ts';

export type Side = DeploymentSample['side'];
export const sides: readonly Side[] = ['new', 'previous'];

export interface SideSeries {
  readonly side: Side;
  /** Seconds since the first sample of either side. */
  readonly xs: Float64Array;
  readonly latencies: { readonly xs: Float64Array; readonly ms: Float64Array };
  /** Share of the last requests that failed. */
  readonly failures: Float64Array;
  readonly requests: number;
  readonly failed: number;
  /** Of those that were answered; null: none was. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly lastProblem: string | null;
}

/** So many requests make one point of the failures' curve. */
const window = 10;

/** Of the sides that were asked at all. */
export function seriesOf(samples: readonly DeploymentSample[]): readonly SideSeries[] {
  const ordered = samples.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const [first] = ordered;
  if (first === undefined) return [];
  const start = Date.parse(first.at);
  return sides.flatMap((side) => {
    const own = ordered.filter((each) => each.side === side);
    return own.length === 0 ? [] : [sideOf(side, own, start)];
  });
}

function sideOf(side: Side, samples: readonly DeploymentSample[], start: number): SideSeries {
  const secondsOf = ({ at }: DeploymentSample): number => (Date.parse(at) - start) / 1_000;
  const answered = samples.filter(({ ok }) => ok);
  const sorted = answered.map(({ total_ms: ms }) => ms).toSorted((a, b) => a - b);
  return {
    side,
    xs: Float64Array.from(samples, secondsOf),
    latencies: { xs: Float64Array.from(answered, secondsOf), ms: Float64Array.from(answered, ({ total_ms: ms }) => ms) },
    failures: Float64Array.from(samples, (_, index) => {
      const last = samples.slice(Math.max(0, index + 1 - window), index + 1);
      return last.filter(({ ok }) => !ok).length / last.length;
    }),
    requests: samples.length,
    failed: samples.length - answered.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    lastProblem: samples.findLast(({ problem }) => problem !== null)?.problem ?? null,
  };
}

/** The smallest value that as large a share is not above. */
const percentile = (sorted: readonly number[], share: number): number | null => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
