/** A run folder as the trainer leaves one, for tests of what reads it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Plan, RunLogEntry } from '../../shared/contracts/run-events.ts';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { runFiles, type RunRecord } from '../../shared/domain/run-record.ts';

export const stepEntry = (step: number): Extract<RunLogEntry, { event: 'step' }> => ({
  event: 'step',
  step,
  steps: 9,
  loss: 1 / step,
  learning_rate: 1e-4,
  grad_norm: 1,
  tokens: 10,
  tokens_per_second: 100,
  rss_bytes: 1,
  eta_seconds: 1,
});

export const choicesOf = (totalSteps: number): RunRecord['choices'] => ({
  isa: 'ref',
  kernels: {},
  precision: 'fp32',
  panels: 'packed',
  packing: true,
  micro_tokens: 64,
  recompute_activations: false,
  warmup_steps: 0,
  total_steps: totalSteps,
});

export const planOf = (bytes: number): Plan => ({
  fits: true,
  memory: { parts: [], total_bytes: bytes, limit_bytes: bytes },
  disk: { needed_bytes: 0, free_bytes: 1 },
  time: { seconds: 1, seconds_per_step: 1, tokens_per_second: 1 },
  steps: 9,
  rows: 1,
  holdout_rows: 0,
  tokens: 1,
  graded_tokens: 1,
  parameters: 1,
  trained_parameters: 1,
  lora: testRequest('m').config.lora,
  optimizer: [],
  choices: choicesOf(9),
  would_fit: null,
});

export const testRequest = (model: string, { data = '/rows.jsonl', threads = 1 } = {}): TrainingRequest =>
  resolveTrainingConfig({ cpu_optimization: { num_workers: threads } }, { model, dataPath: data, cores: 8 });

export function writeRunFolder(directory: string, { run, started, events }: { run: string; started: string; events: readonly RunLogEntry[] }): string {
  const { config, explicit, notes } = resolveTrainingConfig({}, { model: '/models/m.gguf', dataPath: '/rows.jsonl', cores: 1 });
  const record: RunRecord = {
    run,
    version: '0.1.0',
    started,
    config,
    explicit,
    notes,
    choices: choicesOf(9),
    base_model: { path: '/models/m.gguf', sha256: '0' },
    dataset: { path: '/rows.jsonl', sha256: '0' },
    lineage: [],
    optimizer: [],
    resumed: [],
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, runFiles.record), stringify(record));
  writeFileSync(join(directory, runFiles.events), events.map((event) => `${JSON.stringify({ at: started, ...event })}\n`).join(''));
  return directory;
}
