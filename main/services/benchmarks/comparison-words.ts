/** A comparison as one sentence, numbers and all. */
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { isShare } from './item-values.ts';

type Compared = Omit<PairedComparison, 'words'>;
type Metric = PairedComparison['metric'];

/** "no difference can be told at n = 188: +1.1 points, 95 % interval −2.1 to +4.3 (McNemar p = 0.83); 7.7 points would have shown" */
export function comparisonWords({ metric, items, difference, interval, verdict, mcnemar, bootstrap_p, detectable }: Compared): string {
  const told = verdict === 'undecided' ? 'no difference can be told' : verdict;
  const test = mcnemar === null ? `p ${chanceText(bootstrap_p)}` : `McNemar p ${chanceText(mcnemar.p)}`;
  const spread = `${formatNumber(interval.confidence * 100)} % interval ${signed(metric, interval.low)} to ${signed(metric, interval.high)}`;
  const words = `${told} at n = ${formatCount(items)}: ${differenceText(metric, difference)}, ${spread} (${test})`;
  return verdict === 'undecided' ? `${words}; ${detectableText(metric, detectable)}` : words;
}

/** `+1.1 points`, `word perplexity −2.1 %`, `−0.0120 bits per byte`. */
export function differenceText(metric: Metric, difference: number): string {
  if (isShare(metric)) return `${signed(metric, difference)} points`;
  if (metric === 'bits_per_byte') return `${signed(metric, difference)} bits per byte`;
  return `${metric.replace('_', ' ')} ${signed(metric, difference)} %`;
}

function detectableText(metric: Metric, detectable: number): string {
  if (isShare(metric) && detectable > 0.999) return 'so few items would hardly have shown any';
  return `${differenceText(metric, detectable).replace('+', '')} would have shown`;
}

/** In the units of `differenceText`. */
export function signed(metric: Metric, difference: number): string {
  const [value, digits] = isShare(metric) ? [difference * 100, 1] : metric === 'bits_per_byte' ? [difference, 4] : [Math.expm1(difference) * 100, 2];
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? '' : value > 0 ? '+' : '−';
  return `${sign}${text}`;
}

export const chanceText = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${p < 0.01 ? p.toPrecision(1) : p.toFixed(p < 0.1 ? 3 : 2)}`);
