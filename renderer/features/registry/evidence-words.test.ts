import { expect, it } from 'vitest';
import type { Evaluation } from '../../../shared/domain/version-record.ts';
import { changeText, evaluationInWords, scoreRows } from './evidence-words.ts';

const scores = { loss: 2, loss_stderr: 0.1, perplexity: 7.389, exact_match: 0.2, exact_match_stderr: 0.04, rows: 100, tokens: 1_000 };
const better = { ...scores, loss: 1, perplexity: 2.718, exact_match: 0.9, exact_match_stderr: 0.03 };
const evaluation: Evaluation = {
  data: { name: 'test-rows', path: null, sha256: null },
  before: scores,
  after: better,
  test: { name: 'McNemar, exact', gained: 72, lost: 2, p: 1.2e-18 },
};

it('shows both sides with their errors, and which way it went', () => {
  expect(scoreRows(evaluation)).toEqual([
    { score: 'exact_match', before: '20.0 ± 4.0 %', after: '90.0 ± 3.0 %', change: '+70.0 points', isBetter: true },
    { score: 'loss', before: '2 ± 0.1', after: '1 ± 0.1', change: '−1', isBetter: true },
    { score: 'perplexity', before: '7.389', after: '2.718', change: '−4.671', isBetter: true },
  ]);
  expect(scoreRows({ before: better, after: scores }).map(({ isBetter }) => isBetter)).toEqual([false, false, false]);
});

it('leaves out what was not scored', () => {
  const after = { ...better, exact_match: null, exact_match_stderr: null, loss_stderr: null };
  expect(scoreRows({ before: null, after })).toEqual([
    { score: 'loss', before: null, after: '1', change: null, isBetter: null },
    { score: 'perplexity', before: null, after: '2.718', change: null, isBetter: null },
  ]);
  expect(scoreRows({ before: scores, after: scores })[0]).toMatchObject({ change: null, isBetter: null });
});

it('says what the paired test shows, and no more', () => {
  const said = (test: Evaluation['test']): string => evaluationInWords({ ...evaluation, test }).join(' ');
  expect(said(evaluation.test)).toContain('Of 100 rows, 72 came right that the base had wrong, and 2 went wrong.');
  expect(said(evaluation.test)).toContain('(McNemar, exact: p < 0.001), so it is better than the base');
  expect(said({ name: 'T', gained: 1, lost: 20, p: 0.00002 })).toContain('so it is worse than the base');
  expect(said({ name: 'T', gained: 5, lost: 3, p: 0.7266 })).toContain('may be chance (T: p = 0.73)');
  expect(said({ name: 'T', gained: 0, lost: 0, p: 1 })).toContain('none went wrong. That may be chance');
  expect(said(null)).toContain('No paired test');
  expect(evaluationInWords({ ...evaluation, before: null, test: null }).join(' ')).toContain('The base was not scored');
});

it('writes changes with their sign', () => {
  expect([changeText('eval_loss', -0.25), changeText('steps', 1_200), changeText('test_exact_match', 0.015)]).toEqual(['−0.25', '+1,200', '+1.5 points']);
});
