/** Alpaca's layout: `instruction`, `output`, an `input` that is set below the instruction, sometimes a `system` text. */
import type { Message } from '../types.ts';
import { toConversation } from './chat.ts';
import { isBlank, textOf, type Layout } from './layout.ts';

export const alpacaLayout: Layout = {
  name: 'alpaca',
  required: ['instruction', 'output'],
  optional: ['input', 'system'],
  synonyms: { output: ['response'], input: ['context'], system: ['system_prompt'] },
  toSample(row) {
    const [system, input] = [textOf(row, 'system'), textOf(row, 'input')];
    const question = [textOf(row, 'instruction'), input].filter((part) => !isBlank(part)).join('\n\n');
    const messages: Message[] = [
      ...(isBlank(system) ? [] : [{ role: 'system', content: system, graded: false } as const]),
      { role: 'user', content: question, graded: false },
      { role: 'assistant', content: textOf(row, 'output'), graded: true },
    ];
    return toConversation(messages);
  },
};
