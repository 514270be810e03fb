import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ChatTeller } from './chat-teller.ts';

let events: CoreEvent[] = [];
beforeEach(() => {
  events = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());
const teller = () => new ChatTeller('c', (event) => events.push(event));
const told = () => events.map(({ event, data }) => (event === 'chat.token' ? data.text : event));
const end = { stop: 'end', tokens: 3, prompt_tokens: 1, tokens_per_second: 9 } as const;

describe('an answer', () => {
  it('is told at most ten times a second, whole and in order', () => {
    const one = teller();
    for (let i = 0; i < 100; i += 1) {
      one.add(`${i} `);
      vi.advanceTimersByTime(10);
    }
    one.end(end);
    vi.runAllTimers();
    const texts = events.flatMap(({ event, data }) => (event === 'chat.token' ? [data.text] : []));
    expect(texts.join('')).toBe(Array.from({ length: 100 }, (_, i) => `${i} `).join(''));
    expect(texts.length).toBeLessThanOrEqual(11);
    expect(events.at(-1)).toEqual({ event: 'chat.ended', data: { chat: 'c', ...end } });
  });

  it('waits until whoever asked knows its id, also where it is over at once', () => {
    const one = teller();
    one.add('x');
    one.end(end);
    expect(told()).toEqual([]);
    vi.runAllTimers();
    expect(told()).toEqual(['x', 'chat.ended']);
  });

  it('does not wait with its end where nothing is left to tell', () => {
    const one = teller();
    vi.runAllTimers();
    one.fail(new AppError('CHAT_FAILED', { model: 'm', problem: 'p' }));
    expect(events).toEqual([{ event: 'chat.failed', data: { chat: 'c', error: { code: 'CHAT_FAILED', facts: { model: 'm', problem: 'p' } } } }]);
  });
});
