/** Answers in the shapes that clients of an OpenAI-style endpoint read. */
import { randomUUID } from 'node:crypto';
import type { ChatEnd } from '../../../shared/contracts/chat-calls.ts';

export type AnswerKind = 'chat' | 'text';

const shapes = {
  chat: {
    id: 'chatcmpl',
    whole: 'chat.completion',
    piece: 'chat.completion.chunk',
    message: (text: string) => ({ message: { role: 'assistant', content: text } }),
    delta: (text: string, isFirst: boolean) => ({ delta: { ...(isFirst ? { role: 'assistant' } : {}), content: text } }),
    end: { delta: {} },
  },
  text: {
    id: 'cmpl',
    whole: 'text_completion',
    piece: 'text_completion',
    message: (text: string) => ({ text }),
    delta: (text: string) => ({ text }),
    end: { text: '' },
  },
} as const;

const usageOf = ({ prompt_tokens, tokens }: ChatEnd): object => ({ prompt_tokens, completion_tokens: tokens, total_tokens: prompt_tokens + tokens });
const finishOf = ({ stop }: ChatEnd): string => (stop === 'length' ? 'length' : 'stop');

/** One answer, named once. */
export class OpenAiAnswer {
  readonly #shape: (typeof shapes)[AnswerKind];
  readonly #head: { readonly id: string; readonly created: number; readonly model: string };
  #isFirst = true;

  constructor(kind: AnswerKind, model: string, now: Date) {
    this.#shape = shapes[kind];
    this.#head = { id: `${this.#shape.id}-${randomUUID()}`, created: Math.floor(now.getTime() / 1_000), model };
  }

  whole(text: string, end: ChatEnd): object {
    const choice = { index: 0, ...this.#shape.message(text), finish_reason: finishOf(end) };
    return { ...this.#head, object: this.#shape.whole, choices: [choice], usage: usageOf(end) };
  }

  piece(text: string): object {
    const choice = { index: 0, ...this.#shape.delta(text, this.#isFirst), finish_reason: null };
    this.#isFirst = false;
    return { ...this.#head, object: this.#shape.piece, choices: [choice] };
  }

  last(end: ChatEnd): object {
    return { ...this.#head, object: this.#shape.piece, choices: [{ index: 0, ...this.#shape.end, finish_reason: finishOf(end) }] };
  }

  usage(end: ChatEnd): object {
    return { ...this.#head, object: this.#shape.piece, choices: [], usage: usageOf(end) };
  }
}
