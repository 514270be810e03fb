/** What the schema that the core obeys finds wrong in a draft, by the key where it stands. */
import type { z } from 'zod';
import { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';
import { valueAt, type ConfigPath } from './config-path.ts';

/** Keys of blocks; what is wrong deeper down stands at its key. */
export function draftProblems(config: TrainingConfigInput): ReadonlyMap<ConfigPath, string> {
  const parsed = TrainingConfigInput.safeParse(config);
  const problems = new Map<ConfigPath, string>();
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.slice(0, 2).join('.');
    if (!problems.has(path)) problems.set(path, sentence(issueProblem(issue, valueAt(config, path))));
  }
  return problems;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What a schema of one value says of it; null: nothing. */
export function problemIn(schema: z.ZodType, value: unknown): string | null {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue === undefined ? null : sentence(issueProblem(issue, value));
}
