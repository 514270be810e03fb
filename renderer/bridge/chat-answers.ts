/** Answers of the playground as they come, by the id that their call gave. They go on while another view is shown. */
import { create } from 'zustand';
import type { ChatEnd } from '../../shared/contracts/chat-calls.ts';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';

export interface ChatAnswer {
  readonly text: string;
  readonly end: ChatEnd | null;
  readonly error: AppError | null;
  /** The core was out of reach meanwhile: words may be missing, and its end will not be heard. */
  readonly isCut: boolean;
}

export type ChatEvent = Extract<CoreEvent, { readonly event: `chat.${string}` }>;
export type ChatAnswers = Readonly<Record<string, ChatAnswer>>;

export const noAnswer: ChatAnswer = { text: '', end: null, error: null, isCut: false };

export const isOver = ({ end, error, isCut }: ChatAnswer): boolean => end !== null || error !== null || isCut;

/** The first words may be here before the answer to the call that began them. */
export function withEvent(answers: ChatAnswers, event: ChatEvent): ChatAnswers {
  const before = answers[event.data.chat] ?? noAnswer;
  return { ...answers, [event.data.chat]: { ...before, ...changeOf(before, event) } };
}

function changeOf(before: ChatAnswer, event: ChatEvent): Partial<ChatAnswer> {
  switch (event.event) {
    case 'chat.token':
      return { text: before.text + event.data.text };
    case 'chat.ended': {
      const { chat: _, ...end } = event.data;
      return { end };
    }
    case 'chat.failed':
      return { error: fromWireError(event.data.error) };
  }
}

export const cutOff = (answers: ChatAnswers): ChatAnswers =>
  Object.fromEntries(Object.entries(answers).map(([chat, answer]) => [chat, isOver(answer) ? answer : { ...answer, isCut: true }]));

const useStore = create<{ readonly answers: ChatAnswers }>(() => ({ answers: {} }));

export const hearChat = (event: ChatEvent): void => useStore.setState(({ answers }) => ({ answers: withEvent(answers, event) }));
export const loseChats = (): void => useStore.setState(({ answers }) => ({ answers: cutOff(answers) }));
export const forgetChats = (): void => useStore.setState({ answers: {} });

export const answerOf = (chat: string): ChatAnswer => useStore.getState().answers[chat] ?? noAnswer;
/** null: it has not begun. */
export const useAnswer = (chat: string | null): ChatAnswer => useStore(({ answers }) => (chat === null ? noAnswer : (answers[chat] ?? noAnswer)));

/** Resolves when nothing more will come. */
export const answerEnds = (chat: string): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!isOver(answerOf(chat))) return;
      stop();
      resolve();
    };
    const stop = useStore.subscribe(look);
    look();
  });
