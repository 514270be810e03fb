/** A schedule as it is written in its form, and what the schema that the core obeys finds wrong in it. */
import { ScheduleName, type Schedule } from '../../../shared/contracts/schedule-calls.ts';
import { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';

/** Numbers as they are written; the schema says what they are worth. */
type Written = number | string | null;

export interface ScheduleDraft {
  readonly name: string;
  readonly schedule_type: ScheduleRules['schedule_type'];
  readonly cron_expression: string;
  readonly interval: string;
  readonly time_zone: string;
  readonly models: readonly string[];
  readonly benchmarks: readonly string[];
  readonly limit: Written;
  readonly num_fewshot: Written;
  readonly chat_template: boolean;
  readonly max_concurrency: Written;
  readonly timeout: string;
  /** null: where items are looked for anyway. */
  readonly data_folder: string | null;
  readonly missed: ScheduleRules['missed'];
  readonly overlap: ScheduleRules['overlap'];
  readonly alert_significance: Written;
}

export const blankSchedule: ScheduleDraft = {
  name: '',
  schedule_type: 'cron',
  cron_expression: '0 2 * * *',
  interval: '',
  time_zone: '',
  models: [],
  benchmarks: [],
  limit: null,
  num_fewshot: 0,
  chat_template: false,
  max_concurrency: 1,
  timeout: '',
  data_folder: null,
  missed: 'run_once',
  overlap: 'skip',
  alert_significance: 0.05,
};

export const draftOfSchedule = ({ name, rules }: Schedule): ScheduleDraft => ({
  ...rules,
  name,
  cron_expression: rules.cron_expression ?? blankSchedule.cron_expression,
  interval: rules.interval ?? '',
  time_zone: rules.time_zone ?? '',
  timeout: rules.timeout ?? '',
});

export interface CheckedSchedule {
  /** null: something in them is wrong. */
  readonly rules: ScheduleRules | null;
  /** By field, the name's among them. */
  readonly problems: ReadonlyMap<string, string>;
}

export function checkSchedule(draft: ScheduleDraft): CheckedSchedule {
  const { name, ...written } = draft;
  const { schedule_type: type } = written;
  const parsed = ScheduleRules.safeParse({
    ...written,
    // What another kind needs is not asked about, however it is written.
    cron_expression: type === 'cron' ? written.cron_expression : null,
    interval: type === 'interval' ? written.interval : null,
    time_zone: orNull(written.time_zone),
    timeout: orNull(written.timeout),
    num_fewshot: written.num_fewshot ?? undefined,
    max_concurrency: written.max_concurrency ?? undefined,
    alert_significance: written.alert_significance ?? undefined,
  });
  const named = ScheduleName.safeParse(name);
  const issues = [...(parsed.error?.issues ?? []), ...(named.error?.issues.slice(0, 1).map((issue) => ({ ...issue, path: ['name'] })) ?? [])];
  const problems = new Map(issues.map((issue) => [String(issue.path[0]), sentence(issueProblem(issue, (draft as unknown as Values)[String(issue.path[0])]))]));
  return { rules: parsed.success ? parsed.data : null, problems };
}

type Values = Readonly<Record<string, unknown>>;
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Rules for the asking of times alone, before models and tasks are chosen; null: the times themselves are wrong. */
export const timesOf = (draft: ScheduleDraft): ScheduleRules | null =>
  checkSchedule({
    ...draft,
    name: 'x',
    models: ['x'],
    benchmarks: ['x'],
    limit: null,
    num_fewshot: 0,
    max_concurrency: 1,
    timeout: '',
    alert_significance: 0.05,
  }).rules;
