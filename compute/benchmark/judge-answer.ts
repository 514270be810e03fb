/** Whether what a model wrote is right: the part that counts taken out, and compared with the right answers as the task says. */
import type { WrittenTask } from '../../shared/domain/benchmark-task.ts';
import { patternOf } from './item-reader.ts';
import { leftTrimmed, trimmed } from './python-text.ts';

type Comparison = Pick<WrittenTask, 'ignore_case' | 'ignore_punctuation'>;

export interface Judgement {
  readonly extracted: string | null;
  readonly isRight: boolean;
}

/** `output` is what was written, up to the stop text. */
export function judgeAnswer(task: WrittenTask, output: string, answers: readonly string[]): Judgement {
  const extracted = extract(task, output);
  return { extracted, isRight: extracted !== null && answers.some((answer) => normalised(answer, task) === normalised(extracted, task)) };
}

/** Up to the first of the stop texts. */
export function cutAtStop(text: string, stops: readonly string[]): { readonly text: string; readonly isCut: boolean } {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return ends.length === 0 ? { text, isCut: false } : { text: text.slice(0, Math.min(...ends)), isCut: true };
}

function extract(task: WrittenTask, output: string): string | null {
  // The harness's filter `remove_whitespace` takes blanks off the front only.
  if (task.kind === 'exact_match') return leftTrimmed(output);
  if (task.kind === 'json_field') return fieldOfJson(output, task.json_field);
  const found = patternOf(task, task.pattern, 'u').exec(output);
  return found === null ? null : trimmed(groupOf(found));
}

/** As the harness's filter `regex` takes it: the first group that found something, the whole where there is no group. */
const groupOf = ([whole, ...groups]: RegExpExecArray): string =>
  groups.length === 0 ? whole : (groups.find((group) => (group as string | undefined) ?? '') ?? '');

/** Python's string.punctuation. */
const punctuation = /[!-/:-@[-`{-~]/g;

function normalised(text: string, { ignore_case, ignore_punctuation }: Comparison): string {
  const cased = ignore_case ? text.toLowerCase() : text;
  return ignore_punctuation ? cased.replace(punctuation, '') : cased;
}

/** A scalar field of the first object in a text that parses; null where there is none. */
function fieldOfJson(text: string, field: string): string | null {
  const object = firstObject(text);
  const value = field.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), object);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function firstObject(text: string): unknown {
  const start = text.indexOf('{');
  for (let end = text.indexOf('}', start); start >= 0 && end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(start, end + 1)) as unknown;
    } catch {
      // This brace closes an inner object, or stands in a text.
    }
  }
  return undefined;
}
