/** Binds the calls of the playground to it. */
import type { chatCalls } from '../../shared/contracts/chat-calls.ts';
import type { Chats } from '../services/chat/chats.ts';
import type { HandlersOf } from './handlers.ts';

export const chatHandlers = (chats: Chats): HandlersOf<keyof typeof chatCalls> => ({
  'chat.generate': (input) => chats.generate(input),
  'chat.stop': ({ chat }) => chats.stop(chat),
  'chat.close': () => chats.close(),
});
