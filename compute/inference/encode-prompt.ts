/** From what a user asks to the tokens a model goes on from. */
import { AppError } from '../../shared/errors/app-error.ts';
import { chooseTemplate } from '../data/dataset-options.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';

export interface PromptOptions {
  readonly text: string;
  /** A user's turn in the model's chat template; false: the text as it is. */
  readonly chat: boolean;
  readonly system: string | null;
}

/** Throws CHAT_TEMPLATE_INVALID; USAGE where there is no token to go on from. */
export function encodePrompt(
  { tokenizer, modelTemplate }: { readonly tokenizer: Tokenizer; readonly modelTemplate: string | null },
  { text, chat, system }: PromptOptions,
): number[] {
  if (!chat) return notEmpty(tokenizer.encode(text, { addSpecial: true }));
  const { chat: template } = chooseTemplate({ tokenizer, modelTemplate, path: 'the prompt', maxSeqLength: Infinity });
  const messages = [...(system === null ? [] : [{ role: 'system', content: system }]), { role: 'user', content: text }];
  return notEmpty(tokenizer.encode(template.render(messages, { addGenerationPrompt: true })));
}

function notEmpty(tokens: number[]): number[] {
  if (tokens.length === 0) throw new AppError('USAGE', { problem: 'The prompt is empty', hint: 'Give a text to go on from.' });
  return tokens;
}
