/** Says in our words what a schema found wrong with a value, for a file's key, a flag and a field of a form alike. */
import type { z } from 'zod';

const typeNames: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
  null: 'null',
};

export const typeName = (expected: string): string => typeNames[expected] ?? expected;

/** The value as the user wrote it, shortened. */
export function shownValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Goes on after the name of the key, flag or field: "must be at least 1, not 0". */
export function issueProblem(issue: z.core.$ZodIssue, value: unknown): string {
  const not = `, not ${shownValue(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeName(issue.expected)}${not}`;
    case 'too_small':
      return bound(issue.origin, `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`, not);
    case 'too_big':
      return bound(issue.origin, `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`, not);
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}${not}`;
    default:
      return `${issue.message}${not}`;
  }
}

function bound(origin: string, limit: string, not: string): string {
  if (origin === 'string') return 'must not be empty';
  if (origin === 'array') return `must have ${limit} ${limit.endsWith(' 1') ? 'entry' : 'entries'}`;
  return `must be ${limit}${not}`;
}
