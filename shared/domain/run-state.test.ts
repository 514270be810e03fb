import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterChange, isActive, isEnded, runStates, type RunChange, type RunState } from './run-state.ts';

const changes: readonly RunChange[] = ['start', 'pause', 'continue', 'stop', 'finish', 'fail', 'cancel', 'interrupt', 'queue'];
/** The states that a run comes through where these changes are asked for, those that cannot happen being refused. */
const path = (asked: readonly RunChange[]): RunState[] => {
  const states: RunState[] = ['queued'];
  for (const change of asked) states.push(afterChange(states.at(-1) ?? 'queued', change) ?? states.at(-1) ?? 'queued');
  return states;
};
const paths = fc.array(fc.constantFrom(...changes), { maxLength: 40 });

describe('the states of a run', () => {
  it('are each reached', () => {
    const reached = new Set(fc.sample(paths, { numRuns: 500, seed: 1 }).flatMap(path));
    expect([...reached].sort()).toEqual([...runStates].sort());
  });

  it('lead out of done never, and into work only through the queue', () => {
    fc.assert(
      fc.property(paths, (asked) => {
        const states = path(asked);
        states.forEach((state, index) => {
          const before = states[index - 1];
          if (before === undefined || before === state) return;
          expect(before).not.toBe('done');
          if (isActive(state) && !isActive(before)) expect(before).toBe('queued');
          if (isEnded(before)) expect(state).toBe('queued');
        });
      }),
    );
  });

  it('never lose a run: from wherever it is, it can still come to its end', () => {
    for (const state of runStates) {
      expect(isEnded(state) || ['stop', 'interrupt', 'fail'].some((change) => afterChange(state, change as RunChange) !== null)).toBe(true);
      // Whatever its process does, an active run takes it.
      if (isActive(state))
        for (const end of ['finish', 'fail', 'cancel', 'interrupt'] as const) expect(isEnded(afterChange(state, end) ?? 'queued')).toBe(true);
    }
  });

  it('are either waiting, active or ended', () => {
    for (const state of runStates) expect([state === 'queued', isActive(state), isEnded(state)].filter(Boolean)).toHaveLength(1);
  });

  it('know stop as something that only gets harder: nothing leads from stopping back to work', () => {
    for (const change of changes) expect(isEnded(afterChange('stopping', change) ?? 'done')).toBe(true);
  });
});
