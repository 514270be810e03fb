/** The figures over all records, with standard errors, as the reference harness computes them. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { BenchmarkMetric, BenchmarkRecord, ChoiceRecord, TextRecord, WrittenRecord } from '../../shared/domain/benchmark-record.ts';
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';

export function summarise(task: BenchmarkTask, records: readonly BenchmarkRecord[]): BenchmarkMetric[] {
  if (task.kind === 'perplexity') return perplexities(records.filter((record): record is TextRecord => record.kind === 'text'));
  if (task.kind !== 'multiple_choice') {
    const written = records.filter((record): record is WrittenRecord => record.kind === 'written');
    return [
      share(
        'exact_match',
        written.map(({ correct }) => correct.exact_match),
      ),
    ];
  }
  const chosen = records.filter((record): record is ChoiceRecord => record.kind === 'choice');
  return task.metrics.map((name) =>
    share(
      name,
      chosen.map(({ correct }) => correct[name]),
    ),
  );
}

const share = (name: BenchmarkMetric['name'], marks: readonly number[]): BenchmarkMetric => ({ name, value: mean([...marks]), stderr: standardError(marks) });

/** Of a mean; the deviation is that of a sample (n - 1). */
const standardError = (values: readonly number[]): number | null =>
  values.length < 2 ? null : sampleStandardDeviation([...values]) / Math.sqrt(values.length);

/** Over all texts together: a long text counts for more. */
function perplexities(records: readonly TextRecord[]): BenchmarkMetric[] {
  const total = (of: (record: TextRecord) => number): number => records.reduce((sum, record) => sum + of(record), 0);
  const logProb = total((record) => record.log_prob);
  const [perWord, perByte] = [-logProb / total(({ words }) => words), -logProb / total(({ bytes }) => bytes)];
  return [
    { name: 'word_perplexity', value: Math.exp(perWord), stderr: null },
    { name: 'byte_perplexity', value: Math.exp(perByte), stderr: null },
    { name: 'bits_per_byte', value: perByte / Math.LN2, stderr: null },
  ];
}
