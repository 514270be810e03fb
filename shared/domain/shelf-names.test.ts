import { expect, it } from 'vitest';
import { shelfNameOf } from './shelf-names.ts';

it('is that of the shelf for a path or a name that is there, and none else', () => {
  const shelf = [
    { name: 'mails', path: '/data/train.jsonl' },
    { name: 'again', path: '/data/train.jsonl' },
  ];
  expect(['/data/train.jsonl', 'mails', 'again', '/data/test.jsonl', 'train.jsonl'].map((each) => shelfNameOf(each, shelf))).toEqual([
    'mails',
    'mails',
    'again',
    null,
    null,
  ]);
});
