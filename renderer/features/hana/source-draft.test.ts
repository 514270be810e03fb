import { describe, expect, it } from 'vitest';
import { emptySource, readSource } from './source-draft.ts';

const whole = { ...emptySource('office'), name: 'tickets', table: 'SUPPORT.TICKETS' };

describe('rows of a HANA in a form', () => {
  it('are a table, or a select, with what was left out as null', () => {
    expect(readSource(whole)).toMatchObject({
      source: { connection: 'office', table: 'SUPPORT.TICKETS', select: null, fields: null, limit: null },
      problems: {},
    });
    const select = 'SELECT A, B FROM T';
    expect(readSource({ ...whole, how: 'select', select, limit: 5 }).source).toMatchObject({ table: null, select, limit: 5 });
  });

  it('say which field is which column', () => {
    expect(readSource({ ...whole, fields: 'prompt = QUESTION\n\ncompletion=ANSWER\n' }).source?.fields).toEqual({ prompt: 'QUESTION', completion: 'ANSWER' });
    expect(readSource({ ...whole, fields: 'prompt QUESTION' })).toMatchObject({
      source: null,
      problems: { fields: expect.stringContaining('prompt QUESTION') },
    });
  });

  it('are told at each field what is wrong', () => {
    expect(readSource({ ...whole, name: '', table: '' }).problems).toEqual({ name: 'Fill this in.', table: 'Fill this in.' });
    expect(readSource({ ...whole, table: 'a b' }).problems).toMatchObject({ table: expect.stringContaining('SCHEMA.TABLE') });
    expect(readSource({ ...whole, limit: 0 }).problems).toHaveProperty('limit');
  });
});
