/** From what a user asks to the tokens a model goes on from. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { ChatMessage } from '../data/chat-template.ts';
import { chooseTemplate } from '../data/dataset-options.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';

export interface PromptOptions {
  readonly text: string;
  /** A user's turn in the model's chat template; false: the text as it is. */
  readonly chat: boolean;
  readonly system: string | null;
}

interface PromptReader {
  readonly tokenizer: Tokenizer;
  readonly modelTemplate: string | null;
}

/** Throws CHAT_TEMPLATE_INVALID; USAGE where there is no token to go on from. */
export function encodePrompt(reader: PromptReader, { text, chat, system }: PromptOptions): number[] {
  const messages = [...(system === null || !chat ? [] : [{ role: 'system', content: system }]), { role: 'user', content: text }];
  return encodeMessages(reader, messages, { raw: !chat }).tokens;
}

/** Of a conversation; `raw`: its texts one after another. `text` is what the tokens spell. Throws what `encodePrompt` does. */
export function encodeMessages(
  { tokenizer, modelTemplate }: PromptReader,
  messages: readonly ChatMessage[],
  { raw }: { readonly raw: boolean },
): { readonly text: string; readonly tokens: number[] } {
  const text = raw ? messages.map(({ content }) => content).join('') : render({ tokenizer, modelTemplate }, messages);
  const tokens = tokenizer.encode(text, { addSpecial: raw });
  if (tokens.length === 0) throw new AppError('USAGE', { problem: 'The prompt is empty', hint: 'Give a text to go on from.' });
  return { text, tokens };
}

function render({ tokenizer, modelTemplate }: PromptReader, messages: readonly ChatMessage[]): string {
  const { chat: template } = chooseTemplate({ tokenizer, modelTemplate, path: 'the prompt', maxSeqLength: Infinity });
  return template.render(messages, { addGenerationPrompt: true });
}
