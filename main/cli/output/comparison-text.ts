/** Comparisons of scores as lines for people. */
import type { ItemPair } from '../../../shared/contracts/comparison-calls.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import type { BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';
import { formatCount, formatNumber, formatPercent } from '../../../shared/text/format.ts';
import { chanceText, differenceText, signed } from '../../services/benchmarks/comparison-words.ts';
import { isShare, type MetricName } from '../../services/benchmarks/item-values.ts';
import { table } from './table.ts';

/** A row a comparison; what was not asked for, but scored besides, below the others. */
export function comparisonLines(comparisons: readonly (PairedComparison & { readonly asked: boolean })[]): readonly string[] {
  const rows = comparisons.map((each) => {
    const { task, metric, items, other_label, interval, verdict, asked, mcnemar } = each;
    return [
      `${asked ? '' : '+ '}${task} ${metric}`,
      other_label,
      formatCount(items),
      value(metric, each.base_value),
      value(metric, each.other_value),
      signed(metric, each.difference),
      `${signed(metric, interval.low)} to ${signed(metric, interval.high)}`,
      chanceText(mcnemar?.p ?? each.bootstrap_p).replace('= ', ''),
      verdict,
    ];
  });
  const [first] = comparisons;
  if (first === undefined) return [];
  const confidence = `${formatNumber(first.interval.confidence * 100)} % interval`;
  const isBesides = comparisons.some(({ asked }) => !asked);
  return [
    ...table([['benchmark', 'model', 'items', first.base_label, 'it', 'change', confidence, 'p', ''], ...rows], { right: [2, 3, 4, 5] }),
    ...(isBesides ? ['+ scored besides: what was gained on one may be lost on another'] : []),
    ...comparisons.map(({ task, other_label, words }) => `${other_label} on ${task}: ${words}.`),
  ];
}

const value = (metric: MetricName, of: number): string => (isShare(metric) ? formatPercent(of) : of.toFixed(4));

export function flipLines({ task, other_label, metric }: PairedComparison, items: readonly ItemPair[], total: number): readonly string[] {
  const shown = items.length === total ? formatCount(total) : `${items.length} of ${formatCount(total)}`;
  const head = `${other_label} on ${task}: ${shown} ${total === 1 ? 'item that differs' : 'items that differ'}`;
  return ['', head, ...items.flatMap((pair) => flipText(pair, metric))];
}

function flipText({ index, id, base, other }: ItemPair, metric: MetricName): readonly string[] {
  const is = base.kind === 'text' ? differenceText('word_perplexity', perWord(base) - perWord(other)) : rightOf(other, metric) ? 'gained' : 'lost';
  return [
    `${is}  item ${index} (${id}): ${shortened(base.prompt)}`,
    ...(base.kind === 'text' ? [] : [`  ${answerOf(base, metric)} → ${answerOf(other, metric)}`]),
  ];
}

const perWord = (record: BenchmarkRecord): number => (record.kind === 'text' ? record.log_prob / record.words : 0);
const rightOf = (record: BenchmarkRecord, metric: MetricName): boolean =>
  record.kind === 'choice' ? record.correct[metric === 'acc_norm' ? 'acc_norm' : 'acc'] === 1 : record.kind === 'written' && record.correct.exact_match === 1;

function answerOf(record: BenchmarkRecord, metric: MetricName): string {
  if (record.kind === 'written') return shortened(record.extracted ?? record.output);
  if (record.kind === 'choice') return shortened(record.choices[metric === 'acc_norm' ? record.choice_norm : record.choice] ?? '');
  return '';
}

/** One line; the end of a prompt says more than its beginning. */
function shortened(text: string, most = 90): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > most ? `…${line.slice(1 - most)}` : line;
}
