/** Says in our words what a schema found wrong, for a file's key and for a flag alike. */
import type { z } from 'zod';
import { suggest } from './closest.ts';

export interface Described {
  /** Goes on after the name of the key or flag: "must be at least 1, not 0". */
  readonly problem: string;
  readonly hint: string;
}

type Issue = z.core.$ZodIssue;

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

/** The value as the user wrote it, shortened. */
function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function describeIssue(issue: Issue, value: unknown): Described {
  const not = `, not ${shown(value)}`;
  switch (issue.code) {
    case 'invalid_type': {
      const name = typeNames[issue.expected] ?? issue.expected;
      return { problem: `must be ${name}${not}`, hint: `Give ${name}.` };
    }
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum, not);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum, not);
    case 'invalid_value': {
      const known = issue.values.map(String);
      return { problem: `must be one of ${known.join(', ')}${not}`, hint: suggest(String(value), known, 'Choose one of') };
    }
    default:
      return { problem: `${issue.message}${not}`, hint: `Correct it; ${shown(value)} is not understood.` };
  }
}

function bound(origin: string, relation: string, limit: number | bigint, not: string): Described {
  if (origin === 'string') return { problem: 'must not be empty', hint: 'Give a value, or leave the key out.' };
  if (origin === 'array')
    return { problem: `must have ${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`, hint: 'Change the list, or leave the key out.' };
  return { problem: `must be ${relation} ${limit}${not}`, hint: `Give ${origin === 'int' ? 'a whole number' : 'a number'} of ${relation} ${limit}.` };
}
