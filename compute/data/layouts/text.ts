/** Plain text: a `text` column, or rows that are text themselves. All of it is graded. */
import { isBlank, textOf, type Layout } from './layout.ts';

export const textLayout: Layout = {
  name: 'text',
  required: ['text'],
  optional: [],
  synonyms: {},
  toSample(row) {
    const text = textOf(row, 'text');
    return isBlank(text) ? null : { kind: 'text', text };
  },
};
