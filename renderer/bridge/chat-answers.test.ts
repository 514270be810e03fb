import { describe, expect, it } from 'vitest';
import { cutOff, isOver, noAnswer, withEvent, type ChatEvent } from './chat-answers.ts';

const end = { stop: 'end', tokens: 2, prompt_tokens: 5, tokens_per_second: 40 } as const;
const events: readonly ChatEvent[] = [
  { event: 'chat.token', data: { chat: 'a', text: 'Hel' } },
  { event: 'chat.token', data: { chat: 'b', text: 'x' } },
  { event: 'chat.token', data: { chat: 'a', text: 'lo' } },
  { event: 'chat.ended', data: { chat: 'a', ...end } },
  { event: 'chat.failed', data: { chat: 'b', error: { code: 'CHAT_FAILED', facts: { model: 'm', problem: 'p' } } } },
];

describe('answers', () => {
  it('grow by what comes, each by its own', () => {
    const { a, b } = events.reduce(withEvent, {});
    expect(a).toEqual({ ...noAnswer, text: 'Hello', end });
    expect([b?.text, b?.error?.code]).toEqual(['x', 'CHAT_FAILED']);
  });

  it('are over where they ended or failed, and where the core was lost', () => {
    const open = events.slice(0, 2).reduce(withEvent, {});
    expect(Object.values(open).map(isOver)).toEqual([false, false]);
    expect(Object.values(cutOff(open)).map(isOver)).toEqual([true, true]);
    const over = events.reduce(withEvent, {});
    expect(cutOff(over)).toEqual(over);
  });
});
