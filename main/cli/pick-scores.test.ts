import { expect, it } from 'vitest';
import type { BenchmarkScore } from '../../shared/domain/benchmark-run.ts';
import { madeScore } from '../../test/support/made-scores.ts';
import { testRegistry } from '../../test/support/registry.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { pickScores } from './pick-scores.ts';

const parts = testRegistry(temporaryFolder());
const made = (task: string, changes = {}): BenchmarkScore => ({
  ...parts.store.scores.get(madeScore({ ...parts, task, marks: '01', changes })),
  eta_seconds: null,
});
const chat = { chat_template: true };
const names = (picked: ReturnType<typeof pickScores>): readonly unknown[] =>
  picked.map(({ task, base, others }) => [task, base.score, ...others.map((each) => each?.score)]);

it('takes the newest scores of each benchmark that were made in the same way', () => {
  const [old, newer, inChat] = [made('arc_easy'), made('arc_easy'), made('arc_easy', chat)];
  const [other, alone, oldest] = [made('arc_easy'), made('boolq'), made('arc_easy')];
  // The newest of the first is in the chat template, and nothing of the second is.
  expect(
    names(
      pickScores([
        [inChat, newer, old],
        [other, oldest, alone],
      ]),
    ),
  ).toEqual([['arc_easy', newer.score, other.score]]);
  // The one that fits most of the others.
  const third = made('arc_easy', chat);
  expect(names(pickScores([[newer, inChat], [other], [third]]))).toEqual([['arc_easy', newer.score, other.score, undefined]]);
  expect(pickScores([[alone], [other]])).toEqual([]);
});

it('sets scores that were named against each other, whatever they are', () => {
  const [one, two, besides, more] = [made('arc_easy'), made('arc_easy', chat), made('boolq'), made('boolq')];
  const picked = pickScores(
    [
      [one, besides],
      [two, more],
    ],
    [one, two],
  );
  expect(names(picked)).toEqual([
    ['arc_easy', one.score, two.score],
    ['boolq', besides.score, more.score],
  ]);
});
