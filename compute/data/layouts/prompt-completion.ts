/** Prompt and completion. With a chat template they are a user's and an assistant's turn, without one they are joined as they are. */
import type { Sample } from '../types.ts';
import { toConversation, toMessage } from './chat.ts';
import { isBlank, textOf, type Layout } from './layout.ts';

/** TRL's conversational form: both columns are lists of messages, and only the completion's are graded. */
function conversational(prompt: readonly unknown[], completion: readonly unknown[]): Sample | null {
  const asked = prompt.map(toMessage).map((message) => ({ ...message, graded: false }));
  return toConversation([...asked, ...completion.map((turn, i) => toMessage(turn, prompt.length + i))]);
}

export const promptCompletionLayout: Layout = {
  name: 'prompt-completion',
  required: ['prompt', 'completion'],
  optional: ['system'],
  synonyms: { prompt: ['question', 'query', 'input'], completion: ['response', 'answer', 'output'], system: ['system_prompt'] },
  toSample(row) {
    const { prompt, completion } = row;
    if (Array.isArray(prompt) && Array.isArray(completion)) return conversational(prompt, completion);
    const text = textOf(row, 'completion');
    if (isBlank(text)) return null;
    return { kind: 'completion', system: textOf(row, 'system'), prompt: textOf(row, 'prompt'), completion: text };
  },
};
