/** ShareGPT's layout: `conversations`, a list of {from, value}, and sometimes a `system` text beside it. */
import { toConversation, toMessage } from './chat.ts';
import { isBlank, listOf, textOf, type Layout } from './layout.ts';

export const sharegptLayout: Layout = {
  name: 'sharegpt',
  required: ['conversations'],
  optional: ['system'],
  synonyms: { conversations: ['conversation'], system: ['system_prompt'] },
  toSample(row) {
    const turns = listOf(row, 'conversations').map(toMessage);
    const system = textOf(row, 'system');
    const hasOwn = turns[0]?.role === 'system';
    return toConversation(isBlank(system) || hasOwn ? turns : [{ role: 'system', content: system, graded: false }, ...turns]);
  },
};
