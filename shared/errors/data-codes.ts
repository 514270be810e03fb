/** Failures of reading and preparing training data. */
import type { ErrorRow } from './error-row.ts';

export const dataCodes = {
  DATASET_LINE_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} line {line}: {problem}', remedy: 'Mend or remove that line.' },
  DATASET_COLUMNS_UNKNOWN: { exit: 'data', http: 422, retry: 'change', message: '{path} has columns {columns}, which are no known layout', remedy: 'Name the columns, for example `--columns prompt=question,completion=answer`.' },
  DATASET_EMPTY: { exit: 'data', http: 422, retry: 'change', message: '{path} has no usable row ({reasons})', remedy: 'Give at least one row with something to learn from.' },
  DATASET_ROW_TOO_LARGE: { exit: 'data', http: 422, retry: 'change', message: '{path} line {line} is {bytes} long', remedy: 'Split the row; one row may be at most {limit}.' },
  DATASET_UNREADABLE: { exit: 'data', http: 422, retry: 'change', message: '{path} cannot be read: {problem}', remedy: 'Write the file again, or give the data as JSON Lines.' },
  PROMPT_TOO_LONG: {
    exit: 'data',
    http: 422,
    retry: 'change',
    message: 'The prompt has {tokens} tokens, the model was made for {limit}',
    remedy: 'Shorten it.',
  },
} as const satisfies Record<string, ErrorRow>;
