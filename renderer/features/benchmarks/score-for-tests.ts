/** A score that is done, for tests: what matters to one is said, the rest is as usual. */
import type { DoneScore } from './score-matrix.ts';

interface Said {
  readonly label?: string;
  readonly task?: string;
  readonly model?: string;
  readonly adapter?: string | null;
  readonly version?: DoneScore['subject']['version'];
  readonly value?: number;
  readonly stderr?: number | null;
  readonly metric?: DoneScore['result']['metrics'][number]['name'];
  readonly limit?: number | null;
  readonly chat?: boolean;
  readonly data?: string;
  readonly ended?: string;
}

let made = 0;

export function doneScore(said: Said = {}): DoneScore {
  const { label = 'base', task = 'arc_easy', model = 'model-hash', adapter = null, version = null, value = 0.5, stderr = 0.02, metric = 'acc' } = said;
  const { limit = null, chat = false, data = 'data-hash', ended = '2026-11-26T10:00:00Z' } = said;
  made += 1;
  const identity = { task, task_version: 1, task_sha256: `hash of ${task}`, data_sha256: data, model_sha256: model, adapter_sha256: adapter };
  const settings = { num_fewshot: 0, chat_template: chat, limit, precision: 'fp32' as const };
  const outcome = { items: 100, cut_items: 0, resumed_items: 0, seconds: 10, items_per_second: 10, records: 'records.jsonl' };
  return {
    score: `run.${made}`,
    run: 'run',
    subject: { label, kind: version === null ? 'model' : 'version', model: null, adapter: null, version, target: null },
    task,
    state: 'done',
    done: 100,
    total: 100,
    eta_seconds: null,
    started: ended,
    ended,
    result: { ...identity, ...settings, metrics: [{ name: metric, value, stderr }], ...outcome },
    error: null,
  };
}
