/** The gate's rules, one by one: a figure, its one-sided bounds, and on which side of the rule they lie. */
import type { GateAnswer, GateRuleVerdict } from '../../../shared/domain/gate-verdict.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { formatCount, formatPercent } from '../../../shared/text/format.ts';
import { boundsOfShare } from './binomial.ts';
import { differenceText, signed } from './comparison-words.ts';
import { scoreMetric, type DoneScore } from './comparisons.ts';
import { isShare } from './item-values.ts';

export type RuleName = GateRuleVerdict['rule'];

export interface Rule {
  readonly rule: RuleName;
  readonly benchmark: string;
  readonly bound: number;
}

interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Sums of floating point may miss a bound that they meet. */
const rounding = 1e-9;

/** `atLeast`: what the figure has to be. */
function answerOf({ low, high }: Figure, atLeast: number): GateAnswer {
  if (low >= atLeast - rounding) return 'pass';
  return high < atLeast - rounding ? 'fail' : 'inconclusive';
}

export function judgeAccuracy(rule: Rule, { score, result }: DoneScore, significance: number): GateRuleVerdict {
  const metric = scoreMetric(result);
  if (!isShare(metric)) return untold(rule, `${rule.benchmark} is scored by ${metric.replace('_', ' ')}, which is no accuracy`, [score]);
  const { items } = result;
  const value = result.metrics[0]?.value ?? 0;
  const figure = { value, ...boundsOfShare(Math.round(value * items), items, significance) };
  const spread = `${formatPercent(figure.low)} to ${formatPercent(figure.high)}`;
  const words = `${metric} on ${rule.benchmark} is ${formatPercent(value)} at n = ${formatCount(items)}, bounds ${spread}; at least ${formatPercent(rule.bound)} is asked for`;
  return { ...rule, verdict: answerOf(figure, rule.bound), ...figure, scores: [score], words };
}

/** `comparison`: the version against its base, its interval as sure on either side as the gate asks for. Of perplexities and bits less is better. */
export function judgeDifference(rule: Rule, comparison: PairedComparison): GateRuleVerdict {
  const { metric, difference, interval, items, base, other, base_label: label } = comparison;
  const figure = isShare(metric)
    ? { value: difference, low: interval.low, high: interval.high }
    : { value: -difference, low: -interval.high, high: -interval.low };
  const spread = `${signed(metric, interval.low)} to ${signed(metric, interval.high)}`;
  const unit = isShare(metric) ? 'points' : metric === 'bits_per_byte' ? 'bits' : '%';
  const asked = metric === 'bits_per_byte' ? `${rule.bound}` : (rule.bound * 100).toFixed(1);
  const wish = rule.rule === 'min_gain' ? `at least ${asked} ${unit} better is asked for` : `at most ${asked} ${unit} worse is allowed`;
  const words = `against ${label}, ${rule.benchmark} changed by ${differenceText(metric, difference)} at n = ${formatCount(items)}, bounds ${spread}; ${wish}`;
  return { ...rule, verdict: answerOf(figure, rule.rule === 'min_gain' ? rule.bound : -rule.bound), ...figure, scores: [base, other], words };
}

/** Nothing to judge by. */
export const untold = (rule: Rule, words: string, scores: string[] = []): GateRuleVerdict => ({
  ...rule,
  ...{ verdict: 'inconclusive', value: null, low: null, high: null },
  scores,
  words,
});
