/** Scores in a store, with records of marks that a test decides; no compute process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchmarkIdentity, BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { BenchmarkRequest, type BenchmarkSubject } from '../../shared/domain/benchmark-run.ts';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import type { Paths } from '../../main/platform/paths.ts';
import type { Store } from '../../main/store/store.ts';

export const baseSha256 = 'b'.repeat(64);

const identity: Omit<BenchmarkIdentity, 'task'> = {
  ...{ task_version: 1, task_sha256: 'a'.repeat(64), data_sha256: 'd'.repeat(64), model_sha256: baseSha256, adapter_sha256: null },
  ...{ num_fewshot: 0, chat_template: false, limit: null, precision: 'fp32' },
};

interface MadeScore {
  readonly store: Store;
  readonly paths: Paths;
  readonly task?: string;
  /** `name@version`, or none: the base model as it is. */
  readonly version?: string | null;
  /** One digit an item, 1: right. */
  readonly marks: string;
  readonly changes?: Partial<BenchmarkIdentity>;
}

let made = 0;

/** A choice record; both metrics are the mark. */
export function choiceRecord(mark: string, index: number): Record<string, unknown> {
  const is = Number(mark);
  const item = { kind: 'choice', index, id: `item-${index}`, prompt: `Question ${index}?`, cut_tokens: 0, choices: ['wrong', 'right'], answer: 1 };
  return { ...item, log_probs: [-2, -1], greedy: [false, false], choice: is, choice_norm: is, correct: { acc: is, acc_norm: is } };
}

/** Its id. */
export function madeScore({ store, paths, task = 'arc_easy', version = null, marks, changes = {} }: MadeScore): string {
  const run = `run-${(made += 1)}`;
  const dir = join(paths.benchmarks, run);
  const [name = '', number = ''] = version?.split('@') ?? [];
  const subject: BenchmarkSubject =
    version === null
      ? { label: 'base', kind: 'model', model: '/models/m.gguf', adapter: null, version: null, target: null }
      : { label: version, kind: 'version', model: '/models/m.gguf', adapter: '/adapter', version: { name, version: number }, target: null };
  const request = BenchmarkRequest.parse({ models: ['base'], benchmarks: [task] });
  const time = new Date(Date.UTC(2026, 0, 31, 10, 0, made)).toISOString();
  store.benchmarks.insert({ run, dir, created: time, queued: time, request, schedule: null });
  store.scores.insert({ run, position: 1, subject, declared: taskOf(task), data: '/items.jsonl' });
  const decided: BenchmarkIdentity = { ...identity, task, adapter_sha256: version === null ? null : 'c'.repeat(64), ...changes };
  const records = join(dir, 'records.jsonl');
  mkdirSync(dir, { recursive: true });
  writeFileSync(records, [decided, ...[...marks].map(choiceRecord)].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const right = [...marks].filter((mark) => mark === '1').length;
  const value = right / marks.length;
  const result: BenchmarkResult = {
    ...decided,
    ...{ metrics: [{ name: 'acc', value, stderr: null }], items: marks.length, cut_items: 0, resumed_items: 0, seconds: 1, items_per_second: 1, records },
  };
  store.scores.update(`${run}.1`, { state: 'done', ended: time, result });
  return `${run}.1`;
}

const taskOf = (name: string): BenchmarkTask =>
  BenchmarkTask.parse({
    ...{ kind: 'multiple_choice', name, title: name, version: 1, data: { file: name, url: '', split: 'test', licence: 'CC0-1.0' } },
    ...{ prompt: '{{ question }}', choices: { field: 'choices' }, answer: { field: 'answer' }, metrics: ['acc'] },
  });
