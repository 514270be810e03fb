/** Scores and their differences as text: shares in percent and percentage points, the rest as numbers. */
import type { BenchmarkMetric, BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkSettings } from '../../../shared/domain/benchmark-run.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.benchmarks;
type MetricName = BenchmarkMetric['name'];

/** The others (perplexities, bits) are better the lower they are. */
export const isShare = (metric: MetricName): boolean => metric === 'acc' || metric === 'acc_norm' || metric === 'exact_match';

const percents = (share: number): string => (share * 100).toFixed(1);

/** Without its unit. */
export const bareValue = (metric: MetricName, value: number): string => (isShare(metric) ? percents(value) : formatNumber(value));

export const valueText = (metric: MetricName, value: number): string => (isShare(metric) ? `${percents(value)} %` : formatNumber(value));

/** `54.3 ± 1.2 %`. */
export function scoreText({ name, value, stderr }: BenchmarkMetric): string {
  if (stderr === null) return valueText(name, value);
  return isShare(name) ? `${percents(value)} ± ${percents(stderr)} %` : `${formatNumber(value)} ± ${formatNumber(stderr)}`;
}

/** With its sign: `+3.2` of shares, `−4.9 %` of perplexities, whose difference is one of logarithms. */
export function bareDifference(metric: MetricName, difference: number): string {
  const isRatio = metric === 'word_perplexity' || metric === 'byte_perplexity';
  const size = isRatio ? percents(Math.abs(Math.expm1(difference))) : bareValue(metric, Math.abs(difference));
  const unit = isRatio ? ' %' : '';
  return Number(size) === 0 ? `±${size}${unit}` : `${difference < 0 ? '−' : '+'}${size}${unit}`;
}

export const differenceText = (metric: MetricName, difference: number): string =>
  isShare(metric) ? words.points(bareDifference(metric, difference)) : bareDifference(metric, difference);

export type ScoreSettings = Pick<BenchmarkSettings, 'num_fewshot' | 'chat_template' | 'limit'> & {
  readonly precision?: BenchmarkResult['precision'] | BenchmarkSettings['precision'];
};

/** What scores must have in common to be set against each other. */
export const settingsText = ({ num_fewshot: shots, chat_template: asChat, limit, precision }: ScoreSettings): string =>
  [
    words.shots(shots),
    asChat ? words.asChat : null,
    limit === null ? words.allItems : words.firstItems(formatCount(limit)),
    precision === 'server' ? words.throughServer : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
