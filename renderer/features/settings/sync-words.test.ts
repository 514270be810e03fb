import { describe, expect, it } from 'vitest';
import { syncSentences } from './sync-words.ts';

const still = { connected: true, pending: 0, sending: 0, parked: 0, bytes: 0 };

describe('how sharing stands', () => {
  it('says that nothing is connected rather than that all was heard', () => {
    expect(syncSentences({ ...still, connected: false })).toEqual([expect.stringMatching(/^No HANA is connected/)]);
  });

  it('says that all was heard only where nothing waits and nothing was refused', () => {
    expect(syncSentences(still)).toEqual(['HANA has heard everything.']);
    expect(syncSentences({ ...still, pending: 3, bytes: 2_048, parked: 1 })).toEqual([
      '3 changes (2.00 KiB) wait to be sent.',
      'Refused: 1. What was refused is kept, with the reason.',
    ]);
  });
});
