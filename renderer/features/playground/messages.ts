/** What a side is sent: the conversation as that side has seen it. */
import type { ChatTurn } from '../../../shared/contracts/chat-calls.ts';

export interface Said {
  readonly text: string;
  /** What this side answered; null: nothing that could be gone on from. */
  readonly answer: string | null;
}

export interface Asking {
  readonly system: string;
  readonly isRaw: boolean;
  readonly before: readonly Said[];
  readonly text: string;
}

/** A question that this side gave no answer to is left out: two questions in a row are nothing that templates know. */
export function messagesOf({ system, isRaw, before, text }: Asking): ChatTurn[] {
  if (isRaw) return [{ role: 'user', content: text }];
  const turns = before.flatMap((said): ChatTurn[] =>
    said.answer === null
      ? []
      : [
          { role: 'user', content: said.text },
          { role: 'assistant', content: said.answer },
        ],
  );
  return [...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]), ...turns, { role: 'user', content: text }];
}
