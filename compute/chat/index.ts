/** The process of the playground: llama.cpp with the models that were tried last. What each side promises: shared/contracts/chat-messages.ts. */
import { chatProtocol, ToChat, type FromChat } from '../../shared/contracts/chat-messages.ts';
import { parentChannel } from '../process/parent-channel.ts';
import { ChatSession } from './chat-session.ts';

const say = (message: FromChat): void => {
  void parentChannel.send(message);
};
const session = new ChatSession(say);

parentChannel.listen((raw) => {
  const message = ToChat.parse(raw);
  if (message.type === 'generate') session.generate(message.job);
  else session.stop(message.chat);
});
process.on('SIGINT', () => undefined); // a terminal sends it to everybody; main decides
process.on('SIGHUP', () => undefined);
parentChannel.onGone(() => process.exit(0));
say({ type: 'ready', protocol: chatProtocol });
