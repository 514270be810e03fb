/** One piece of the base corpus: running text or a conversation. */
import type { Random } from '../text/random.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export type CorpusDocument = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] };

/** Makes one document of its kind. */
export type DocumentMaker = (random: Random) => CorpusDocument;

export const textDocument = (text: string): CorpusDocument => ({ kind: 'text', text });

export const exchange = (question: string, answer: string): CorpusDocument => ({
  kind: 'chat',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
