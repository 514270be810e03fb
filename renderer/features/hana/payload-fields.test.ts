import { describe, expect, it } from 'vitest';
import { differingFields, payloadFields } from './payload-fields.ts';

describe('what is told of a thing', () => {
  it('is a line a value, by its path', () => {
    expect(payloadFields({ name: 'support', metrics: { loss: 0.5, more: {} }, tags: ['a', 'b'], states: [{ state: 'draft' }], run: null })).toEqual([
      { path: 'name', text: 'support' },
      { path: 'metrics.loss', text: '0.5' },
      { path: 'metrics.more', text: '{}' },
      { path: 'tags', text: '["a","b"]' },
      { path: 'states.0.state', text: 'draft' },
      { path: 'run', text: '—' },
    ]);
  });

  it('differs only where values do, and says what one side does not tell', () => {
    expect(differingFields({ state: 'draft', description: 'one', by: 'me' }, { state: 'draft', description: 'two', lathe: '2' })).toEqual([
      { path: 'description', mine: 'one', theirs: 'two' },
      { path: 'by', mine: 'me', theirs: null },
      { path: 'lathe', mine: null, theirs: '2' },
    ]);
    expect(differingFields(null, { state: 'draft' })).toEqual([{ path: 'state', mine: null, theirs: 'draft' }]);
    expect(differingFields({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([]);
  });
});
