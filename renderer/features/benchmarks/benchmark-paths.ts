/** Addresses of the benchmark views in the page. */

const query = (values: Readonly<Record<string, string | readonly string[] | null>>): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'string') params.set(name, value);
    else if (value !== null && value.length > 0) params.set(name, value.join(','));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
};

export const benchmarkRunPath = (run: string): string => `/benchmarks/runs/${encodeURIComponent(run)}`;
export const scorePath = (score: string): string => `/benchmarks/scores/${encodeURIComponent(score)}`;
/** The first is what the others are compared with. */
export const comparisonPath = (scores: readonly string[]): string => `/benchmarks/compare${query({ scores })}`;
export const flipsPath = (base: string, other: string, direction: 'gained' | 'lost' | 'both'): string =>
  `/benchmarks/flips${query({ base, other, direction })}`;
export const trendPath = (name: string): string => `/benchmarks/trend${query({ name })}`;
export const schedulePath = (name: string): string => `/benchmarks/schedules/${encodeURIComponent(name)}`;

interface Prefilled {
  readonly models?: readonly string[];
  readonly adapter?: string | null;
  /** A benchmark run whose request is taken over. */
  readonly from?: string;
}
export const newBenchmarkPath = ({ models = [], adapter = null, from }: Prefilled = {}): string =>
  `/benchmarks/new${query({ models, adapter, from: from ?? null })}`;
