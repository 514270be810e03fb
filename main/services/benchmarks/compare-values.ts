/** Two scores on the items that both have: what differs, and whether chance explains it. Refuses those that were made in different ways. */
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import type { BenchmarkIdentity } from '../../../shared/domain/benchmark-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { exactTest, type PairedTest } from '../paired-test.ts';
import { comparisonWords } from './comparison-words.ts';
import { isShare, type ItemValues, type MetricName } from './item-values.ts';
import { differenceOfMarks, type PairedDifference } from './paired-marks.ts';
import { differenceOfTexts, fewestTexts } from './paired-texts.ts';

export interface Side {
  readonly score: string;
  readonly label: string;
  readonly values: ItemValues;
}

export interface ComparisonRules {
  readonly metric: MetricName;
  readonly confidence: number;
}

interface Found {
  readonly items: number;
  readonly base_value: number;
  readonly other_value: number;
  readonly found: PairedDifference;
  readonly mcnemar: PairedTest | null;
}

/** `other` against `base`. Throws SCORES_NOT_COMPARABLE. */
export async function compareValues(base: Side, other: Side, { metric, confidence }: ComparisonRules): Promise<PairedComparison> {
  const refuse = (difference: string): AppError => new AppError('SCORES_NOT_COMPARABLE', { base: base.score, other: other.score, difference });
  const differences = differencesOf(base.values.identity, other.values.identity);
  if (differences.length > 0) throw refuse(differences.join('; '));
  const { items, base_value, other_value, found, mcnemar } = isShare(metric)
    ? compareMarks(columnsOf(base, other, metric, refuse), confidence)
    : await compareTexts({ base, other, metric, refuse }, confidence);
  const isBetter = isShare(metric) ? found.difference > 0 : found.difference < 0;
  const isSure = (mcnemar?.p ?? found.p) <= 1 - confidence + 1e-12;
  const comparison = {
    ...{ base: base.score, other: other.score, base_label: base.label, other_label: other.label },
    ...{ task: base.values.identity.task, metric, items, base_value, other_value },
    difference: found.difference,
    interval: { low: found.low, high: found.high, confidence },
    bootstrap_p: found.p,
    mcnemar,
    verdict: isSure ? (isBetter ? ('better' as const) : ('worse' as const)) : ('undecided' as const),
    detectable: found.detectable,
  };
  const through = [base, other].filter(({ values }) => values.identity.precision === 'server');
  const note = through.length === 1 ? `; ${through[0]?.label ?? ''} was computed by its server` : '';
  return { ...comparison, words: `${comparisonWords(comparison)}${note}` };
}

type Refuse = (difference: string) => AppError;
type Columns = readonly [readonly number[], readonly number[]];

/** Of the items that both have: where one was limited, the first so many. */
function columnsOf(base: Side, other: Side, column: Parameters<ItemValues['columns']['get']>[0], refuse: Refuse): Columns {
  const [one, two] = [base.values.columns.get(column), other.values.columns.get(column)];
  if (one === undefined || two === undefined) throw refuse(`${base.values.identity.task} has no ${column}`);
  const items = Math.min(one.length, two.length);
  return [one.slice(0, items), two.slice(0, items)];
}

function compareMarks([base, other]: Columns, confidence: number): Found {
  const items = base.length;
  const gained = base.filter((mark, i) => mark === 0 && other[i] === 1).length;
  const lost = base.filter((mark, i) => mark === 1 && other[i] === 0).length;
  const found = differenceOfMarks({ gained, lost, same: items - gained - lost }, confidence);
  return { items, base_value: total(base) / items, other_value: total(other) / items, found, mcnemar: exactTest(gained, lost) };
}

interface TextPair {
  readonly base: Side;
  readonly other: Side;
  readonly metric: MetricName;
  readonly refuse: Refuse;
}

async function compareTexts({ base, other, metric, refuse }: TextPair, confidence: number): Promise<Found> {
  const unit = metric === 'word_perplexity' ? 'words' : 'bytes';
  const [units] = columnsOf(base, other, unit, refuse);
  const [one, two] = columnsOf(base, other, 'log_prob', refuse);
  if (units.length < fewestTexts) throw refuse(`${units.length} texts tell nothing of chance, ${fewestTexts} would`);
  // In bits, or in natural logarithms.
  const scale = metric === 'bits_per_byte' ? 1 / Math.LN2 : 1;
  const added = Float64Array.from(one, (value, i) => (value - (two[i] ?? 0)) * scale);
  const found = await differenceOfTexts({ added, units: Float64Array.from(units) }, confidence);
  const valueOf = (logProbs: readonly number[]): number => {
    const per = (-total(logProbs) / total(units)) * scale;
    return metric === 'bits_per_byte' ? per : Math.exp(per);
  };
  return { items: units.length, base_value: valueOf(one), other_value: valueOf(two), found, mcnemar: null };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Why scores cannot be compared, in words; none: they can. Another `limit` is none: both have the first items. */
export function differencesOf(one: BenchmarkIdentity, two: BenchmarkIdentity): string[] {
  const shots = (count: number): string => `${count}-shot`;
  if (one.task !== two.task) return [`${one.task} and ${two.task} are two tasks`];
  return [
    ...(one.task_version === two.task_version && one.task_sha256 === two.task_sha256 ? [] : ['the task was changed in between']),
    ...(one.data_sha256 === two.data_sha256 ? [] : [`their items differ (SHA-256 ${one.data_sha256.slice(0, 8)}… and ${two.data_sha256.slice(0, 8)}…)`]),
    ...(one.num_fewshot === two.num_fewshot ? [] : [`one is ${shots(one.num_fewshot)}, the other ${shots(two.num_fewshot)}`]),
    ...(one.chat_template === two.chat_template ? [] : ['only one is in the chat template']),
    // How a server computes is part of what is compared there.
    ...(one.precision === two.precision || one.precision === 'server' || two.precision === 'server'
      ? []
      : [`one is in ${one.precision}, the other in ${two.precision}`]),
  ];
}
