/** The conversation of the playground: what was asked, of whom, and the answers. It stays while other views are shown, and is kept nowhere. */
import { create } from 'zustand';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import { answerEnds, answerOf, forgetChats } from '../../bridge/chat-answers.ts';
import type { CoreClient } from '../../bridge/core-client.ts';
import { messagesOf, type Said } from './messages.ts';
import type { Side } from './who-answers.ts';

export interface Options {
  readonly system: string;
  readonly isRaw: boolean;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly seed: number;
}

export interface Asked extends Side {
  /** Model and adapter as they are called. */
  readonly label: string;
}

export interface Reply {
  readonly asked: Asked;
  /** null: its turn has not come, or it was refused. */
  readonly begun: OutputOf<'chat.generate'> | null;
  readonly error: AppError | null;
  /** Stopped before its turn came. */
  readonly isSkipped: boolean;
}

export interface Exchange {
  readonly text: string;
  /** One or two. */
  readonly replies: readonly Reply[];
}

interface Conversation {
  readonly draft: string;
  readonly options: Options;
  /** null: as `firstSides` says. */
  readonly sides: readonly [Side, Side] | null;
  readonly isBeside: boolean;
  readonly exchanges: readonly Exchange[];
  /** An answer is awaited; raised so that what was given up on changes nothing any more. */
  readonly asking: number | null;
}

export const firstOptions: Options = { system: '', isRaw: false, temperature: 0, topP: 1, maxTokens: 256, seed: 42 };

export const useConversation = create<Conversation>(() => ({
  draft: '',
  options: firstOptions,
  sides: null,
  isBeside: true,
  exchanges: [],
  asking: null,
}));
const { setState: set, getState: get } = useConversation;

export const write = (draft: string): void => set({ draft });
export const setOptions = (changes: Partial<Options>): void => set(({ options }) => ({ options: { ...options, ...changes } }));
export const setSides = (sides: readonly [Side, Side]): void => set({ sides });
export const setBeside = (isBeside: boolean): void => set({ isBeside });

let asks = 0;

/** One side after the other: both at once would take each other's cores, and their speeds would say nothing. */
export async function send(client: CoreClient, asked: readonly Asked[]): Promise<void> {
  const text = get().draft.trim();
  if (text === '' || get().asking !== null) return;
  const [ask, place] = [(asks += 1), get().exchanges.length];
  const replies = asked.map((side) => ({ asked: side, begun: null, error: null, isSkipped: false }));
  set(({ exchanges }) => ({ draft: '', asking: ask, exchanges: [...exchanges, { text, replies }] }));
  for (const index of asked.keys()) {
    if (get().asking === ask) await askSide(client, { ask, place, index });
    else change(place, index, { isSkipped: true });
  }
  if (get().asking === ask) set({ asking: null });
}

interface Place {
  readonly ask: number;
  readonly place: number;
  readonly index: number;
}

async function askSide(client: CoreClient, { ask, place, index }: Place): Promise<void> {
  const { exchanges, options } = get();
  const exchange = exchanges[place];
  const reply = exchange?.replies[index];
  if (exchange === undefined || reply === undefined) return;
  const before = exchanges.slice(0, place).map((each) => saidBy(each, index));
  try {
    const begun = await client.call('chat.generate', {
      side: { model: reply.asked.model, adapter: reply.asked.adapter },
      messages: messagesOf({ ...options, before, text: exchange.text }),
      raw: options.isRaw,
      max_tokens: options.maxTokens,
      temperature: options.temperature,
      top_p: options.topP,
      seed: options.seed,
    });
    change(place, index, { begun });
    // Stopped while the model was being loaded.
    if (get().asking !== ask) await client.call('chat.stop', { chat: begun.chat });
    await answerEnds(begun.chat);
  } catch (error) {
    change(place, index, { error: toAppError(error) });
  }
}

function saidBy({ text, replies }: Exchange, index: number): Said {
  const chat = replies[index]?.begun?.chat;
  const answer = chat === undefined ? '' : answerOf(chat).text;
  return { text, answer: answer === '' ? null : answer };
}

const change = (place: number, index: number, changes: Partial<Reply>): void =>
  set(({ exchanges }) => ({
    exchanges: exchanges.map((exchange, at) =>
      at === place ? { ...exchange, replies: exchange.replies.map((reply, side) => (side === index ? { ...reply, ...changes } : reply)) } : exchange,
    ),
  }));

/** What has been said stays. */
export async function stop(client: CoreClient): Promise<void> {
  set({ asking: null });
  const last = get().exchanges.at(-1)?.replies ?? [];
  await Promise.all(last.flatMap(({ begun }) => (begun === null ? [] : [client.call('chat.stop', { chat: begun.chat })])));
}

export async function clear(client: CoreClient): Promise<void> {
  await stop(client);
  set({ exchanges: [] });
  forgetChats();
}
