import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder } from '../../test/support/small-tokenizer.ts';
import { RunLogLine, type RunLogEntry } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { RunLog } from './run-log.ts';

const plan: RunLogEntry = {
  event: 'plan',
  run: 'r',
  fits: true,
  memory: { parts: [{ part: 'program', bytes: 1 }], total_bytes: 1, limit_bytes: 2 },
  disk: { needed_bytes: 1, free_bytes: 2 },
  time: { seconds: 3, seconds_per_step: 1, tokens_per_second: 9 },
  steps: 3,
  rows: 4,
  holdout_rows: 0,
  tokens: 40,
  graded_tokens: 20,
  parameters: 100,
  trained_parameters: 10,
  lora: { rank: 4, alpha: 8, dropout: 0, target_modules: 'all-linear', use_rslora: false, use_dora: false, loraplus_lr_ratio: 1, init_adapter: null },
  optimizer: [],
  choices: {
    isa: 'ref',
    kernels: {},
    precision: 'fp32',
    panels: 'packed',
    packing: true,
    micro_tokens: 64,
    recompute_activations: false,
    warmup_steps: 0,
    total_steps: 3,
  },
  would_fit: null,
};

describe('RunLog', () => {
  it('stamps every line, also one whose event has a time of its own', () => {
    using folder = new TemporaryFolder();
    const log = new RunLog(folder.path);
    log.write({ event: 'start', run: 'r', dir: '/r' });
    log.write(plan);
    const lines = readFileSync(join(folder.path, runFiles.events), 'utf8').trimEnd().split('\n');
    const [start, planned] = lines.map((line) => RunLogLine.parse(JSON.parse(line)));
    expect([start, planned]).toEqual([
      { at: expect.any(String), event: 'start', run: 'r', dir: '/r' },
      { at: expect.any(String), ...plan },
    ]);
    // @ts-expect-error -- an event cannot bring a stamp of its own
    log.write({ event: 'note', message: 'm', at: '2026-01-01T00:00:00Z' });
  });
});
