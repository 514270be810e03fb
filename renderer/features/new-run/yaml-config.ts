/** A draft as YAML and back; whatever is wrong in the text is named with its line. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Node } from 'yaml';
import type { z } from 'zod';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';

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
    described(issue, value).map(({ path, text: problem }) => ({ line: lineAt(offsetOf(document.contents, path)), text: problem })),
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

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined), value);

/** Where the key (or the list entry) at `path` is written; the nearest parent where it is not. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
