/** Makes an item of a row: the task's templates filled in, its replacements made, the right answer found. */
import { Template } from '@huggingface/jinja';
import type { BenchmarkTask, MultipleChoiceTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';

type Row = Readonly<Record<string, unknown>>;

interface ItemBase {
  readonly index: number;
  /** In the file, for messages. */
  readonly line: number;
  /** As the file has it: two items are the same where their rows are. */
  readonly row: Row;
  readonly id: string;
  /** Without the delimiter. */
  readonly prompt: string;
}

export interface ChoiceItem extends ItemBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly answer: number;
}

export interface WrittenItem extends ItemBase {
  readonly kind: 'written';
  readonly answers: readonly string[];
}

export interface TextItem extends ItemBase {
  readonly kind: 'text';
}

export type BenchmarkItem = ChoiceItem | WrittenItem | TextItem;

export class ItemReader {
  readonly #task: BenchmarkTask;
  readonly #path: string;
  readonly #templates = new Map<string, Template>();
  readonly #requires: readonly string[];
  readonly #replacements: readonly { readonly when: string | undefined; readonly pattern: RegExp; readonly with: string }[];
  #line = 0;

  /** `path` is for messages. Throws BENCHMARK_TASK_INVALID. */
  constructor(task: BenchmarkTask, path: string) {
    this.#task = task;
    this.#path = path;
    const templates = templatesOf(task);
    for (const source of templates) this.#templates.set(source, parsed(task, source));
    this.#requires = [...task.requires, ...templates.flatMap(plainFields)];
    this.#replacements = task.replace.map(({ when, pattern, with: replacement }) => ({ when, pattern: patternOf(task, pattern, 'gu'), with: replacement }));
  }

  /** Throws BENCHMARK_ITEM_INVALID. */
  read(index: number, line: number, value: unknown): BenchmarkItem {
    this.#line = line;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.#fail('a row must be an object with fields');
    const row = value as Row;
    for (const field of this.#requires) if (isNothing(valueAt(row, field))) this.#fail(`it has no field ${field}; there are ${Object.keys(row).join(', ')}`);
    const task = this.#task;
    const base = { index, line, row, id: this.#id(row, index) };
    if (task.kind === 'perplexity') return { kind: 'text', ...base, prompt: this.#filled(row, task.text) };
    const prompt = this.#filled(row, task.prompt);
    if (task.kind !== 'multiple_choice') return { kind: 'written', ...base, prompt, answers: this.#answers(row, task.answers.field) };
    const choices = this.#choices(row, task);
    return { kind: 'choice', ...base, prompt, choices, answer: this.#answer(row, task, choices.length) };
  }

  #id(row: Row, index: number): string {
    const { id } = this.#task.data;
    const value = id === null ? undefined : valueAt(row, id);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : String(index);
  }

  #choices(row: Row, { choices }: MultipleChoiceTask): string[] {
    if ('templates' in choices) return choices.templates.map((template) => this.#filled(row, template));
    const list = this.#list(row, choices.field);
    if (list.length < 2) this.#fail(`${choices.field} must hold at least two choices`);
    return list.map((choice) => this.#cleaned(row, choice));
  }

  #answer(row: Row, { answer }: MultipleChoiceTask, choices: number): number {
    const value = valueAt(row, answer.field);
    const label = typeof value === 'boolean' ? String(Number(value)) : scalarText(value);
    if (label === null || label === '') return this.#fail(`${answer.field} names no right answer`);
    const index = 'among' in answer ? this.#list(row, answer.among).indexOf(label) : Number(label) - answer.first;
    if (!Number.isInteger(index) || index < 0 || index >= choices) this.#fail(`${answer.field} is ${label}, which is none of the ${choices} choices`);
    return index;
  }

  #answers(row: Row, field: string): string[] {
    const single = scalarText(valueAt(row, field));
    const answers = single === null ? this.#list(row, field) : [single];
    return answers.length === 0 ? this.#fail(`${field} names no right answer`) : answers;
  }

  #list(row: Row, field: string): string[] {
    const value = valueAt(row, field);
    if (!Array.isArray(value)) return this.#fail(`${field} must be a list`);
    return value.map((entry) => scalarText(entry) ?? this.#fail(`${field} must be a list of texts`));
  }

  #filled(row: Row, source: string): string {
    let text: string;
    try {
      text = this.#templates.get(source)?.render({ ...row }) ?? '';
    } catch (error) {
      return this.#fail(`the template ${JSON.stringify(source)} fails (${error instanceof Error ? error.message : String(error)})`);
    }
    return this.#cleaned(row, text);
  }

  #cleaned(row: Row, text: string): string {
    const due = this.#replacements.filter(({ when }) => when === undefined || !isNothing(valueAt(row, when)));
    return due.reduce((cleaned, { pattern, with: replacement }) => cleaned.replace(pattern, replacement), text);
  }

  #fail(problem: string): never {
    throw new AppError('BENCHMARK_ITEM_INVALID', { path: this.#path, line: this.#line, problem });
  }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null;

const scalarText = (value: unknown): string | null => (typeof value === 'string' || typeof value === 'number' ? String(value) : null);

/** The value of a field, inner ones behind a dot. */
function valueAt(row: Row, field: string): unknown {
  return field.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Row)[key] : undefined), row);
}

function templatesOf(task: BenchmarkTask): string[] {
  if (task.kind === 'perplexity') return [task.text];
  if (task.kind !== 'multiple_choice' || !('templates' in task.choices)) return [task.prompt];
  return [task.prompt, ...task.choices.templates];
}

/** The fields that a template without conditions cannot do without. */
const plainFields = (source: string): string[] =>
  source.includes('{%') ? [] : [...source.matchAll(/\{\{-?\s*([A-Za-z_]\w*)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));

const invalid = (task: BenchmarkTask, problem: string): AppError => new AppError('BENCHMARK_TASK_INVALID', { path: task.name, problem });

function parsed(task: BenchmarkTask, source: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    throw invalid(task, `the template ${JSON.stringify(source)} is no Jinja (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** A pattern of a task's file. Throws BENCHMARK_TASK_INVALID. */
export function patternOf(task: BenchmarkTask, pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw invalid(task, `the pattern ${JSON.stringify(pattern)} is none (${error instanceof Error ? error.message : String(error)})`);
  }
}
