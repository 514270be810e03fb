/** A draft as YAML and back; whatever is wrong in the text is named with its line. */
import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';
import { offsetAt, valueAt } from '../../../shared/text/written-places.ts';

export const toYaml = (config: TrainingConfigInput): string => (Object.keys(config).length === 0 ? '' : stringify(config));

export interface YamlProblem {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export type YamlResult = { readonly config: TrainingConfigInput } | { readonly problems: readonly YamlProblem[] };

export function fromYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) return { problems: document.errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), text: `${firstLine(message)}.` })) };
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    // Aliases that do not exist, or multiply beyond reason.
    return { problems: [{ line: 1, text: `${error instanceof Error ? error.message : String(error)}.` }] };
  }
  const parsed = TrainingConfigInput.safeParse(value);
  if (parsed.success) return { config: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) =>
    described(issue, value).map(({ path, text: problem }) => ({ line: lineAt(offsetAt(document.contents, path)), text: problem })),
  );
  return { problems: problems.toSorted((a, b) => a.line - b.line) };
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/\.$/, '');

/** Every unknown key is a problem of its own. */
function described(issue: z.core.$ZodIssue, value: unknown): { readonly path: readonly PropertyKey[]; readonly text: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: `There is no setting ${[...issue.path, key].join('.')}.` }));
  const name = issue.path.length === 0 ? 'the text' : issue.path.join('.');
  return [{ path: issue.path, text: `${name} ${issueProblem(issue, valueAt(value, issue.path))}.` }];
}
