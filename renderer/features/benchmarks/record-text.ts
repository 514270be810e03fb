/** What a record of an item comes to, in few words. */
import type { BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';
import { formatNumber } from '../../../shared/text/format.ts';

/** By the task's own metric; null where items are not right or wrong. */
export function isRight(record: BenchmarkRecord, metric: string): boolean | null {
  switch (record.kind) {
    case 'choice':
      return (metric === 'acc_norm' ? record.correct.acc_norm : record.correct.acc) === 1;
    case 'written':
      return record.correct.exact_match === 1;
    case 'text':
      return null;
  }
}

/** What it answered. */
export function answerText(record: BenchmarkRecord, metric: string): string {
  switch (record.kind) {
    case 'choice':
      return (record.choices[metric === 'acc_norm' ? record.choice_norm : record.choice] ?? '').trim();
    case 'written':
      return (record.extracted ?? record.output).trim();
    case 'text':
      return formatNumber(record.log_prob);
  }
}

const asked = /(?:question|goal|q)\s*:\s*(.+)/gi;

/** The line of a prompt that tells one item from another: what is asked, else its last line with words. */
export function promptLine(prompt: string): string {
  const questions = [...prompt.matchAll(asked)].map(([, question = '']) => question.trim());
  const lines = prompt
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^answer:?$/i.test(line));
  return questions.at(-1) ?? lines.at(-1) ?? '';
}
