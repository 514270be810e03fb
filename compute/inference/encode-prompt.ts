/** From what a user asks to the tokens a model goes on from. */
import { chooseTemplate } from '../data/dataset-options.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';

export interface PromptOptions {
  readonly text: string;
  /** A user's turn in the model's chat template; false: the text as it is. */
  readonly chat: boolean;
  readonly system: string | null;
}

/** Throws CHAT_TEMPLATE_INVALID. */
export function encodePrompt(
  { tokenizer, modelTemplate }: { readonly tokenizer: Tokenizer; readonly modelTemplate: string | null },
  { text, chat, system }: PromptOptions,
): number[] {
  if (!chat) return tokenizer.encode(text, { addSpecial: true });
  const { chat: template } = chooseTemplate({ tokenizer, modelTemplate, path: 'the prompt', maxSeqLength: Infinity });
  const messages = [...(system === null ? [] : [{ role: 'system', content: system }]), { role: 'user', content: text }];
  return tokenizer.encode(template.render(messages, { addGenerationPrompt: true }));
}
