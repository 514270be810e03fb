import { expect, it } from 'vitest';
import { splitCard } from './split-card.ts';

it('parts the head from the text', () => {
  expect(splitCard('---\na: 1\nb:\n  - "---x"\n---\n\n# Title\n\n---\n\nmore\n')).toEqual({ head: 'a: 1\nb:\n  - "---x"', body: '# Title\n\n---\n\nmore\n' });
  expect(splitCard('---\r\na: 1\r\n---\r\ntext')).toEqual({ head: 'a: 1', body: 'text' });
});

it('leaves a text without a head as it is', () => {
  for (const text of ['# Title\n', '', '---\nnever closed', 'x\n---\na: 1\n---\n']) expect(splitCard(text)).toEqual({ head: null, body: text });
});
