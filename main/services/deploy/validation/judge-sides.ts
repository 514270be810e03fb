/** What the requests to both sides say of the new one. Pure. */
import type { DeploymentSample } from '../../../../shared/domain/deployment.ts';
import { durationMs } from '../../../../shared/domain/duration.ts';
import type { DeploymentConfig } from '../../../../shared/domain/deployment-config.ts';
import type { SplitReport } from '../../../../shared/domain/traffic-split.ts';
import { percentile } from './percentile.ts';

export interface SideSummary {
  readonly requests: number;
  readonly failures: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

export interface Judged {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly words: string;
}

type Limits = Pick<DeploymentConfig, 'max_error_rate' | 'max_latency'>;

/** Times are of requests that were answered. */
export function summarise(samples: readonly Pick<DeploymentSample, 'ok' | 'total_ms'>[]): SideSummary {
  const times = samples.filter(({ ok }) => ok).map(({ total_ms }) => total_ms);
  const failures = samples.length - times.length;
  return { requests: samples.length, failures, p50_ms: percentile(times, 50), p95_ms: percentile(times, 95) };
}

/** Users' own requests, as the proxy counted them. */
export const summaryOfProxy = ({ requests, failures, total_ms }: SplitReport['new']): SideSummary => ({
  ...{ requests, failures },
  p50_ms: total_ms?.p50 ?? null,
  p95_ms: total_ms?.p95 ?? null,
});

const rate = ({ requests, failures }: SideSummary): number => (requests === 0 ? 0 : failures / requests);

/** Where the version before does as badly, the server is to blame and not the version: that is for somebody to decide. */
export function judgeSides(now: SideSummary, before: SideSummary | null, { max_error_rate, max_latency }: Limits): Judged {
  if (now.requests === 0) return { verdict: 'inconclusive', words: 'no request has been made to it' };
  const blame = (isAsBad: boolean, words: string): Judged =>
    isAsBad ? { verdict: 'inconclusive', words: `${words}; the version before does no better` } : { verdict: 'fail', words };
  if (rate(now) > max_error_rate)
    return blame(before !== null && before.requests > 0 && rate(before) >= rate(now), `${now.failures} of ${now.requests} requests failed`);
  const limit = durationMs(max_latency);
  if (now.p95_ms !== null && now.p95_ms > limit) {
    const words = `95 % of its answers take up to ${Math.round(now.p95_ms)} ms, and max_latency is ${max_latency}`;
    return blame(before?.p95_ms !== null && before?.p95_ms !== undefined && before.p95_ms > limit, words);
  }
  return { verdict: 'pass', words: `${now.requests} requests, ${now.failures} failed` };
}
