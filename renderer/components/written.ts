/** What is written in a form, read: texts that were left out, and what a schema says of a value. Pure. */
import { texts } from '../texts/texts.ts';

/** null: nothing is written there. */
export const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What is wrong with a value, for below its field; `message` is the schema's. */
export function fieldProblem(value: unknown, message: string): string {
  if (value === '' || Number.isNaN(value)) return texts.fields.missing;
  return message.startsWith('must') ? texts.fields.must(message) : `${message}.`;
}
