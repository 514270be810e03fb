import { describe, expect, it } from 'vitest';
import type { ChoiceRecord } from '../../../shared/domain/benchmark-record.ts';
import { answerText, isRight, promptLine } from './record-text.ts';

const record: ChoiceRecord = {
  kind: 'choice',
  index: 0,
  id: 'q1',
  prompt: '',
  cut_tokens: 0,
  choices: ['short', 'a longer one'],
  answer: 1,
  log_probs: [-1, -2],
  greedy: [false, false],
  choice: 0,
  choice_norm: 1,
  correct: { acc: 0, acc_norm: 1 },
};

describe('a record in few words', () => {
  it('is judged by the metric of its task', () => {
    expect([isRight(record, 'acc'), answerText(record, 'acc')]).toEqual([false, 'short']);
    expect([isRight(record, 'acc_norm'), answerText(record, 'acc_norm')]).toEqual([true, 'a longer one']);
  });

  it('shows of a prompt what is asked, of solved examples the last', () => {
    expect(promptLine('Question: one?\nAnswer: 1\n\nQuestion: two?\nAnswer:')).toBe('two?');
    expect(promptLine('A passage.\nQuestion: is it so?\nAnswer:')).toBe('is it so?');
    expect(promptLine('Roof shingle removal: A man is sitting on a roof. He')).toBe('Roof shingle removal: A man is sitting on a roof. He');
  });
});
