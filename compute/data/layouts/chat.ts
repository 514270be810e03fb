/** What the two layouts that hold lists of turns share. */
import type { Message, Sample } from '../types.ts';
import { isBlank, isRow, roleOf, RowError } from './layout.ts';

/** Text, or OpenAI's list of parts, of which only text can be learnt. */
function contentOf(value: unknown, place: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw new RowError(`${place} has content that is not text`);
  const parts = value.map((part: unknown) => {
    if (isRow(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
    throw new RowError(`${place} has a part that is not text`);
  });
  return parts.join('');
}

/** One turn, in OpenAI's words (`role`, `content`) or ShareGPT's (`from`, `value`). */
export function toMessage(turn: unknown, index: number): Message {
  const place = `message ${index + 1}`;
  if (!isRow(turn)) throw new RowError(`${place} is not an object`);
  if (Array.isArray(turn['tool_calls']) && turn['tool_calls'].length > 0) throw new RowError(`${place} calls tools, which this version does not train`);
  const role = roleOf(turn['role'] ?? turn['from'], place);
  return { role, content: contentOf(turn['content'] ?? turn['value'], place), graded: role === 'assistant' && turn['weight'] !== 0 };
}

/** A conversation, or null if nothing in it can be learnt. */
export function toConversation(messages: readonly Message[]): Sample | null {
  const hasAnswer = messages.some((message) => message.graded && !isBlank(message.content));
  return hasAnswer ? { kind: 'messages', messages } : null;
}
