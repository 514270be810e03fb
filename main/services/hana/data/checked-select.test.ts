/** A user's select: what only reads is taken, everything else is refused with the reason, and values are bound. */
import { describe, expect, it } from 'vitest';
import { checkedSelect } from './checked-select.ts';

describe('a select', () => {
  it.each([
    ['SELECT A FROM T WHERE B = :b AND C > :c OR D = :b;', 'SELECT A FROM T WHERE B = ? AND C > ? OR D = ?', ['x', 5, 'x']],
    ['SELECT \':b; DROP TABLE T\' AS X, "a;b" FROM T WHERE B = :b OR C = :c', 'SELECT \':b; DROP TABLE T\' AS X, "a;b" FROM T WHERE B = ? OR C = ?', ['x', 5]],
    [
      'WITH W AS (SELECT 1 AS A FROM DUMMY) SELECT * FROM W WHERE A = :c AND :b = :b',
      'WITH W AS (SELECT 1 AS A FROM DUMMY) SELECT * FROM W WHERE A = ? AND ? = ?',
      [5, 'x', 'x'],
    ],
    ["SELECT REPLACE(A, 'x', 'y') FROM T WHERE B = :b AND C = :c -- the end", "SELECT REPLACE(A, 'x', 'y') FROM T WHERE B = ? AND C = ?  ", ['x', 5]],
  ] as const)('%s', (text, sql, params) => {
    expect(checkedSelect(text, { b: 'x', c: 5 })).toEqual({ sql, params });
  });

  it.each([
    ['DELETE FROM T', /begin with SELECT/],
    ['SELECT 1 FROM DUMMY; DELETE FROM T', /more than one statement/],
    ['SELECT * FROM T FOR UPDATE', /locks rows/],
    ['SELECT A INTO B FROM T', /more than read \(INTO\)/],
    ['WITH X AS (SELECT 1 FROM DUMMY) DELETE FROM T', /more than read \(DELETE\)/],
    ["SELECT 'open FROM T", /not closed/],
    ['SELECT * FROM T WHERE A = ?', /written as :name/],
    ['SELECT * FROM T WHERE A = :none', /:none has no value/],
    ['SELECT /* ; */ 1 FROM DUMMY', /it has no :b/],
  ])('%s is refused', (text, why) => {
    expect(() => checkedSelect(text, /none/.test(text) ? {} : { b: 1 })).toThrow(
      expect.objectContaining({ code: 'HANA_SELECT_REFUSED', message: expect.stringMatching(why) as string }),
    );
  });
});
