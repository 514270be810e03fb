/** One piece of the base corpus: running text or a conversation, and the text the model is trained on. */
import { renderChat, type ChatMessage } from '../tokenizer/chat-format.ts';
import type { Random } from '../text/random.ts';

export type CorpusDocument = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] };

/** Makes one document of its kind. */
export type DocumentMaker = (random: Random) => CorpusDocument;

export const textDocument = (text: string): CorpusDocument => ({ kind: 'text', text });

export const exchange = (question: string, answer: string): CorpusDocument => ({
  kind: 'messages',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});

/** The document with its control tokens spelt out; the newline after the last turn is left off, so that a reader's own end token fits. */
export const renderDocument = (document: CorpusDocument): string => (document.kind === 'text' ? document.text : renderChat(document.messages).trimEnd());
