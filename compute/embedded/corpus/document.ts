/** Short ways to write the two kinds of corpus documents: running text and a conversation. */
import type { Conversation } from '../../data/types.ts';
import type { Random } from '../text/random.ts';

/** Makes one document of its kind. */
export type DocumentMaker = (random: Random) => Conversation;

export const textDocument = (text: string): Conversation => ({ kind: 'text', text });

export const exchange = (question: string, answer: string): Conversation => ({
  kind: 'messages',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
