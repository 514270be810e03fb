import { expect, it } from 'vitest';
import type { CoreClient } from '../../bridge/core-client.ts';
import { allScores } from './use-all-scores.ts';

it('asks for page after page until there is none', async () => {
  const asked: unknown[] = [];
  const pages = [
    { scores: [{ score: 'c.1' }, { score: 'b.1' }], next: 'b.1 then' },
    { scores: [{ score: 'a.1' }], next: null },
  ];
  const client = { call: (name: string, input: unknown) => Promise.resolve(pages[asked.push([name, input]) - 1]) } as unknown as CoreClient;
  expect((await allScores(client, { latest: true })).map(({ score }) => score)).toEqual(['c.1', 'b.1', 'a.1']);
  expect(asked).toEqual([
    ['benchmarks.scores', { latest: true, limit: 1_000, after: null }],
    ['benchmarks.scores', { latest: true, limit: 1_000, after: 'b.1 then' }],
  ]);
});
