/** Says in our words what a schema found wrong, for a file's key and for a flag alike, and what to do about it. */
import type { z } from 'zod';
import { issueProblem, shownValue, typeName } from '../../../shared/text/issue-problem.ts';
import { suggest } from './closest.ts';

export interface Described {
  /** Goes on after the name of the key or flag: "must be at least 1, not 0". */
  readonly problem: string;
  readonly hint: string;
}

export const describeIssue = (issue: z.core.$ZodIssue, value: unknown): Described => ({ problem: issueProblem(issue, value), hint: hintOf(issue, value) });

function hintOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Give ${typeName(issue.expected)}.`;
    case 'too_small':
      return boundHint(issue.origin, `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`);
    case 'too_big':
      return boundHint(issue.origin, `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`);
    case 'invalid_value':
      return suggest(String(value), issue.values.map(String), 'Choose one of');
    default:
      return `Correct it; ${shownValue(value)} is not understood.`;
  }
}

function boundHint(origin: string, limit: string): string {
  if (origin === 'string') return 'Give a value, or leave the key out.';
  if (origin === 'array') return 'Change the list, or leave the key out.';
  return `Give ${origin === 'int' ? 'a whole number' : 'a number'} of ${limit}.`;
}
