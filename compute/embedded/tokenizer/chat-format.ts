/** The base model's special tokens and chat template (ChatML). */

/** Ids are the positions here: the special tokens come first in the vocabulary. */
export const specialTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

export const specialRoles = { unknown: '<|endoftext|>', padding: '<|endoftext|>', begin: '<|im_start|>', end: '<|im_end|>' } as const;

export const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What the template makes of a finished conversation. */
export const renderChat = (messages: readonly ChatMessage[]): string =>
  messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('');
