/** From the text of a flag to the value its schema wants. */
import type { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { describeIssue } from '../config/describe-issue.ts';

/** What a text may mean, the most literal meaning first. */
function* meanings(text: string): Generator {
  yield text;
  if (text.trim() !== '' && Number.isFinite(Number(text))) yield Number(text);
  if (text === 'true' || text === 'false') yield text === 'true';
  if (text === 'none') yield null;
  yield text.split(',').map((part) => part.trim());
}

/** Throws USAGE. */
export function parseFlag(flag: string, text: string, schema: z.ZodType): unknown {
  const tried = [...meanings(text)].map((value) => ({ value, parsed: schema.safeParse(value) }));
  const good = tried.find(({ parsed }) => parsed.success);
  if (good !== undefined) return good.parsed.data;
  // A number out of range says more than "is not text".
  const told = tried.find(({ value }) => typeof value === 'number') ?? tried[0];
  const issue = told?.parsed.error?.issues[0];
  const { problem, hint } = issue === undefined ? { problem: 'is not understood', hint: 'See --help.' } : describeIssue(issue, told?.value);
  throw new AppError('USAGE', { problem: `${flag} ${problem}`, hint });
}

/** `prompt=question,completion=answer` */
export function parseColumns(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (pairs.some(([from, to, ...more]) => !from || !to || more.length > 0))
    throw new AppError('USAGE', { problem: `--columns ${text} is not understood`, hint: 'Write it like prompt=question,completion=answer.' });
  return Object.fromEntries(pairs) as Record<string, string>;
}
