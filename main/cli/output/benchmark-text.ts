/** Scores as people read them: with their standard errors, and with what sets them apart. */
import type { BenchmarkMetric, BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkScore, BenchmarkSettings } from '../../../shared/domain/benchmark-run.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { formatCount, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { table } from './table.ts';

type Settings = Pick<BenchmarkSettings, 'num_fewshot' | 'chat_template' | 'limit'> & { readonly precision?: string };

const isShare = ({ name }: BenchmarkMetric): boolean => name === 'acc' || name === 'acc_norm' || name === 'exact_match';

export function metricValue(metric: BenchmarkMetric): string {
  const show = isShare(metric) ? formatPercent : (value: number): string => value.toFixed(4);
  return `${show(metric.value)}${metric.stderr === null ? '' : ` ± ${show(metric.stderr)}`}`;
}

const metricText = (metric: BenchmarkMetric): string => `${metric.name} ${metricValue(metric)}`;

/** What sets a score apart from others of the same task. */
export function marked(task: string, { num_fewshot, chat_template, limit, precision }: Settings): string {
  const all = [num_fewshot > 0 ? `${num_fewshot}-shot` : '', chat_template ? 'chat' : '', limit === null ? '' : `first ${limit}`];
  const marks = [...all, precision === 'server' ? 'by its server' : ''].filter((mark) => mark !== '');
  return marks.length === 0 ? task : `${task} (${marks.join(', ')})`;
}

export const scoreLine = ({ subject, task, result }: BenchmarkScore): string =>
  `${subject.label} on ${result === null ? task : marked(task, result)}: ${result === null ? '-' : result.metrics.map(metricText).join(', ')}`;

const standing = ({ state, done, total, error }: BenchmarkScore): string => {
  if (state === 'running' && total !== null) return `running, ${done} of ${total} items`;
  return error === null ? state : `${state}: ${fromWireError(error).message}`;
};

/** A row a score. `settings` mark those that are not made yet. */
export function scoreTable(scores: readonly BenchmarkScore[], settings: Settings | null): readonly string[] {
  const rows = scores.map((score) => {
    const { subject, task, result } = score;
    const of = result ?? settings;
    const figures =
      result === null ? [standing(score), '', ''] : [result.metrics.map(metricText).join(', '), formatCount(result.items), formatSeconds(result.seconds)];
    return [score.score, subject.label, of === null ? task : marked(task, of), ...figures];
  });
  return [...table([['score', 'model', 'benchmark', 'result', 'items', 'time'], ...rows]), ...(scores.some(hasError) ? ['± is one standard error'] : [])];
}

const hasError = ({ result }: BenchmarkScore): boolean => result?.metrics.some(({ stderr }) => stderr !== null) === true;

/** Models down, benchmarks across; the first metric of each. */
export function scoreMatrix(scores: readonly BenchmarkScore[]): readonly string[] {
  const columnOf = ({ task, result }: BenchmarkScore): string => (result === null ? task : `${marked(task, result)} ${result.metrics[0]?.name ?? ''}`);
  const columns = [...new Set(scores.map(columnOf))];
  const labels = [...new Set(scores.map(({ subject }) => subject.label))];
  const cell = (label: string, column: string): string => {
    const metric = scores.find((score) => score.subject.label === label && columnOf(score) === column)?.result?.metrics[0];
    return metric === undefined ? '-' : metricValue(metric);
  };
  const rows = labels.map((label) => [label, ...columns.map((column) => cell(label, column))]);
  return [...table([['model', ...columns], ...rows]), ...(scores.some(hasError) ? ['± is one standard error'] : [])];
}

/** A matrix where there are several of both. */
export function isMatrix(scores: readonly BenchmarkScore[]): boolean {
  const several = (of: (score: BenchmarkScore) => string): boolean => new Set(scores.map(of)).size > 1;
  return several(({ subject }) => subject.label) && several(({ task }) => task);
}

const shortened = (text: string, length: number): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `… ${line.slice(line.length - length + 2)}`;
};

/** An item: what was asked, what was answered, and which of it was right. */
export function itemLines(record: BenchmarkRecord): readonly string[] {
  const cut = record.cut_tokens === 0 ? '' : `, ${record.cut_tokens} tokens cut at the front`;
  const head = (verdict: string): string => `item ${record.index} (${record.id})${verdict}${cut}`;
  const prompt = `  ${shortened(record.prompt, 300)}`;
  if (record.kind === 'text') return [head(`: ${record.log_prob.toFixed(3)} over ${record.tokens} tokens`), prompt];
  if (record.kind === 'written') {
    const said = [`  wrote: ${shortened(record.output, 200)}`, `  right: ${record.answers.slice(0, 5).join(' | ')}`];
    return [head(record.correct.exact_match === 1 ? ': right' : ': wrong'), prompt, ...said];
  }
  const { answer, choice, choice_norm: normed, correct } = record;
  const marks = (i: number): string => [i === answer ? 'right' : '', i === choice ? 'acc' : '', i === normed ? 'acc_norm' : ''].filter(Boolean).join(', ');
  const verdict = `: ${correct.acc === 1 ? 'right' : 'wrong'}${correct.acc === correct.acc_norm ? '' : `, by character ${correct.acc_norm === 1 ? 'right' : 'wrong'}`}`;
  const choices = record.choices.map(
    (text, i) => `  ${(record.log_probs[i] ?? NaN).toFixed(3).padStart(9)}  ${shortened(text, 100)}${marks(i) === '' ? '' : `  <- ${marks(i)}`}`,
  );
  return [head(verdict), prompt, ...choices];
}
