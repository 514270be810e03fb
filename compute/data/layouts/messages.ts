/** OpenAI's layout: `messages`, a list of {role, content}; `weight: 0` takes an answer out of the loss. */
import { toConversation, toMessage } from './chat.ts';
import { listOf, type Layout } from './layout.ts';

export const messagesLayout: Layout = {
  name: 'messages',
  required: ['messages'],
  optional: [],
  synonyms: {},
  toSample: (row) => toConversation(listOf(row, 'messages').map(toMessage)),
};
