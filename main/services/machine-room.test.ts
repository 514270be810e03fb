import { describe, expect, it } from 'vitest';
import { MachineRoom, type Place, type Tenant } from './machine-room.ts';

let looks: string[] = [];
const tenant = (name: string, first: Place | null, threads: number[] = []): Tenant => ({
  shares: () => threads.map((each) => ({ threads: each, needBytes: 1, takenBytes: 1 })),
  first: () => first,
  look: () => looks.push(name),
});
const place = (queued: string, priority = 0): Place => ({ priority, queued });

describe('the machine that trainings and benchmarks share', () => {
  it('counts what the others take, and wakes them', () => {
    const [room, one, other] = [new MachineRoom(), tenant('one', null, [1, 2]), tenant('other', null, [4])];
    room.join(one);
    room.join(other);
    looks = [];
    room.wakeOthers(one);
    expect([room.taken(one).map(({ threads }) => threads), room.taken(other).map(({ threads }) => threads), looks]).toEqual([[4], [1, 2], ['other']]);
  });

  it.each([
    ['nobody else waits', null, true],
    ['another waits longer', place('2026-01-01'), false],
    ['another came later', place('2026-01-03'), true],
    ['another matters more', place('2026-01-03', 5), false],
    ['another matters less', place('2026-01-01', -5), true],
  ])('%s', (_, theirs, expected) => {
    const [room, mine] = [new MachineRoom(), tenant('mine', place('2026-01-02'))];
    room.join(mine);
    room.join(tenant('theirs', theirs));
    expect(room.isTurn(mine, place('2026-01-02'))).toBe(expected);
  });
});
