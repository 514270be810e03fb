import { expect, it } from 'vitest';
import { actorText, historyEntries } from './history-entries.ts';

const actor = { user: 'ada', host: 'desk', token: null };
const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;

it('puts states and the tags that touched the version in one line, newest first', () => {
  const states = [
    { state: 'draft', previous: null, at: at(1), actor, reason: null, gate: null },
    { state: 'approved', previous: 'candidate', at: at(5), actor, reason: 'better than 1.0.0', gate: null },
  ] as const;
  const tags = [
    { tag: 'a', version: '1.0.0', previous: null, at: at(0), actor, reason: null },
    { tag: 'a', version: '1.1.0', previous: '1.0.0', at: at(3), actor, reason: 'trial' },
    { tag: 'a', version: '1.2.0', previous: '1.1.0', at: at(6), actor, reason: null },
    { tag: 'b', version: null, previous: '1.1.0', at: at(4), actor, reason: null },
  ];
  expect(historyEntries('1.1.0', states, tags).map(({ what, reason }) => [what, reason])).toEqual([
    ['Tag a moved from 1.1.0 to 1.2.0', null],
    ['Approved (was candidate)', 'better than 1.0.0'],
    ['Tag b taken from 1.1.0', null],
    ['Tag a moved from 1.0.0 to 1.1.0', 'trial'],
    ['Made, as draft', null],
  ]);
});

it('names the token where one was used', () => {
  expect(actorText(actor)).toBe('ada@desk');
  expect(actorText({ ...actor, token: 'ci' })).toBe('ada@desk, token ci');
});
