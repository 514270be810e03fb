/** A line of the log as text: to be searched in and copied. */
import type { ShownLogLine } from '../../../shared/contracts/desk-calls.ts';

export const factsText = (fields: ShownLogLine['fields']): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');

export function logLineText({ time, level, name, message, fields }: ShownLogLine): string {
  return [time ?? '', level.toUpperCase(), name, message, factsText(fields)].filter((part) => part !== '').join(' ');
}

/** Those that hold each of the words, wherever and however they are written. */
export function linesWith(lines: readonly ShownLogLine[], text: string): readonly ShownLogLine[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    const whole = logLineText(line).toLowerCase();
    return wanted.every((word) => whole.includes(word));
  });
}
