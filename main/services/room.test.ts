import { describe, expect, it } from 'vitest';
import { roomFor } from './room.ts';

const machine = { cores: 4, freeBytes: 100 };
const share = (threads: number, needBytes: number | null, takenBytes = 0) => ({ threads, needBytes, takenBytes });

describe('roomFor', () => {
  it('has room for anything that is alone', () => {
    expect(roomFor(share(64, 1_000), [], machine)).toBe('yes');
    expect(roomFor(share(64, null), [], machine)).toBe('yes');
  });

  it('counts cores, then memory', () => {
    expect(roomFor(share(2, 10), [share(2, 10, 10)], machine)).toBe('yes');
    expect(roomFor(share(3, null), [share(2, 10, 10)], machine)).toBe('no');
    expect(roomFor(share(2, 101), [share(2, 10, 10)], machine)).toBe('no');
  });

  it('asks for a plan', () => {
    expect(roomFor(share(1, null), [share(1, 10, 10)], machine)).toBe('unplanned');
  });

  it('keeps what the others were promised and have not taken yet', () => {
    expect(roomFor(share(1, 50), [share(1, 60, 10)], machine)).toBe('yes');
    expect(roomFor(share(1, 51), [share(1, 60, 10)], machine)).toBe('no');
  });

  it('waits for one that has just begun, of which nothing is known, and takes what it holds for its need afterwards', () => {
    expect(roomFor(share(1, 1), [share(1, null)], machine)).toBe('no');
    expect(roomFor(share(1, 100), [share(1, null, 40)], machine)).toBe('yes');
  });
});
