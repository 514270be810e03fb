/** A benchmark that is being asked for: what the user said of it, and what the schema that the core obeys finds wrong. */
import { BenchmarkRequest, type BenchmarkRequestInput } from '../../../shared/domain/benchmark-run.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';
import { texts } from '../../texts/texts.ts';
import { settingsText } from './score-words.ts';

const words = texts.benchmarks;

export type RequestDraft = Omit<BenchmarkRequestInput, 'limit' | 'num_fewshot' | 'max_concurrency' | 'timeout'> & {
  /** Numbers as they are written in their fields; the schema says what they are worth. */
  readonly limit: number | string | null;
  readonly num_fewshot: number | string | null;
  readonly max_concurrency: number | string | null;
  /** Empty: none. */
  readonly timeout: string;
};

export const blankRequest: RequestDraft = { models: [], benchmarks: [], limit: null, num_fewshot: 0, max_concurrency: 1, timeout: '' };

export const draftOf = (request: BenchmarkRequest): RequestDraft => ({ ...request, timeout: request.timeout ?? '' });

export interface CheckedRequest {
  /** null: it cannot be asked for as it stands. */
  readonly request: BenchmarkRequest | null;
  /** By field. */
  readonly problems: ReadonlyMap<string, string>;
}

export function checkRequest(draft: RequestDraft): CheckedRequest {
  const { num_fewshot: shots, max_concurrency: sideBySide, timeout } = draft;
  const parsed = BenchmarkRequest.safeParse({
    ...draft,
    num_fewshot: shots ?? undefined,
    max_concurrency: sideBySide ?? undefined,
    timeout: timeout.trim() === '' ? null : timeout.trim(),
  });
  const problems = new Map((parsed.error?.issues ?? []).map((issue) => [String(issue.path[0]), sentence(issueProblem(issue, valueAt(draft, issue.path)))]));
  return { request: parsed.success ? parsed.data : null, problems };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const valueAt = (draft: RequestDraft, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], draft);

/** What the start will do, in one sentence. */
export function requestInWords({ models, benchmarks, max_concurrency: sideBySide, ...settings }: BenchmarkRequest): string {
  const scores = models.length * benchmarks.length;
  const how = settingsText(settings) + (sideBySide > 1 && scores > 1 ? `, ${words.new.sideBySide(Math.min(sideBySide, scores))}` : '');
  return words.new.sentence(words.new.scores(scores), words.models(models.length), words.tasks(benchmarks.length), how);
}
