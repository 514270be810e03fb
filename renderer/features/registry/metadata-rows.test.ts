import { expect, it } from 'vitest';
import { metadataOf, newRow, rowsOf } from './metadata-rows.ts';

it('gives back what it was made of, whatever the text looks like', () => {
  const metadata = {
    owner: 'support',
    count: 3,
    ok: true,
    none: null,
    list: ['a', 1],
    block: { a: { b: 2 } },
    looksLikeNumber: '3',
    quoted: '"x"',
    empty: '',
    spaced: ' 7 ',
  };
  expect(metadataOf(rowsOf(metadata))).toEqual({ metadata });
});

it('leaves empty rows out, and says which names are wrong', () => {
  expect(metadataOf([{ id: 0, key: ' ', value: ' ' }])).toEqual({ metadata: {} });
  expect(metadataOf([{ id: 0, key: '', value: 'x' }])).toEqual({ problem: { kind: 'key-missing' } });
  const twice = [
    { id: 0, key: 'a', value: '1' },
    { id: 1, key: ' a ', value: '2' },
  ];
  expect(metadataOf(twice)).toEqual({ problem: { kind: 'key-twice', key: 'a' } });
});

it('gives a new row an id that no other has', () => {
  const rows = rowsOf({ a: 1, b: 2 });
  expect(rows.map(({ id }) => id)).not.toContain(newRow(rows).id);
  expect(newRow([])).toEqual({ id: 0, key: '', value: '' });
});
