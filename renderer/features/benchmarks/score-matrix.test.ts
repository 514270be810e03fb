import { describe, expect, it } from 'vitest';
import { doneScore } from './score-for-tests.ts';
import { againstBases, areComparable, baseScore, bySettings, scoreMatrix } from './score-matrix.ts';

const tuned = (version: string, said: Parameters<typeof doneScore>[0] = {}) =>
  doneScore({ label: `routing@${version}`, adapter: `adapter ${version}`, version: { name: 'routing', version }, ...said });
const labels = (scores: Parameters<typeof scoreMatrix>[0], bases: Parameters<typeof scoreMatrix>[1] = new Map()): string[] =>
  scoreMatrix(scores, bases).rows.map(({ label }) => label);

describe('the matrix of scores', () => {
  it('puts what was made from a base under it, versions in their order', () => {
    const scores = [tuned('1.10.0'), tuned('1.9.0'), doneScore({ label: 'other', model: 'another' }), doneScore()];
    expect(labels(scores)).toEqual(['base', 'routing@1.9.0', 'routing@1.10.0', 'other']);
  });

  it('knows the base of a whole model from the registry', () => {
    const whole = doneScore({ label: 'whole@1.0.0', model: 'trained', version: { name: 'whole', version: '1.0.0' } });
    const { rows } = scoreMatrix([whole, doneScore({ label: 'zebra' })], new Map([['whole@1.0.0', 'model-hash']]));
    expect(rows.map(({ label }) => label)).toEqual(['zebra', 'whole@1.0.0']);
    expect(rows[1]?.base).toBe(rows[0]?.key);
  });

  it('leaves what has no base here standing by itself', () => {
    expect(scoreMatrix([tuned('1.0.0')], new Map()).rows[0]?.base).toBeNull();
  });

  it('takes the newest score of a subject and task, whatever it is called', () => {
    const [newer, older] = [doneScore({ label: 'new name', value: 0.6 }), doneScore({ label: 'old name', value: 0.4 })];
    const { rows } = scoreMatrix([newer, older], new Map());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ label: 'new name' });
    expect(rows[0]?.cells.get('arc_easy')).toBe(newer);
  });

  it('never mixes scores that were put differently', () => {
    const groups = bySettings([doneScore({ chat: true }), doneScore(), doneScore({ limit: 50 }), doneScore()]);
    expect(groups.map(({ scores, settings }) => [scores.length, settings.chat_template, settings.limit])).toEqual([
      [1, true, null],
      [2, false, null],
      [1, false, 50],
    ]);
  });

  it('compares with the base only on the same items', () => {
    const base = doneScore();
    const [same, otherItems] = [tuned('1.0.0'), tuned('2.0.0', { data: 'other rows' })];
    expect(againstBases(scoreMatrix([base, same, otherItems], new Map()))).toEqual([{ base: base.score, others: [same.score] }]);
    expect(areComparable(base, otherItems)).toBe(false);
  });

  it('finds the base of one score', () => {
    const [base, score] = [doneScore(), tuned('1.0.0')];
    expect(baseScore(score, [score, doneScore({ task: 'piqa' }), doneScore({ limit: 5 }), base], new Map())).toBe(base);
    expect(baseScore(base, [score, base], new Map())).toBeNull();
  });
});
