import { describe, expect, it } from 'vitest';
import { durationMs } from './duration.ts';
import { isaLadder, isas } from './isa.ts';
import { LoggingConfig } from './logging-config.ts';
import { newRunId, RunId } from './run-id.ts';
import { TrainingConfigInput } from './training-config.ts';

describe('isaLadder', () => {
  it('steps down from the cap', () => {
    expect(isaLadder('x64')).toEqual(['amx', 'avx512bf16', 'avx512', 'avx2', 'ref']);
    expect(isaLadder('x64', 'avx512')).toEqual(['avx512', 'avx2', 'ref']);
    expect(isaLadder('arm64')).toEqual(['neonbf16', 'neon', 'ref']);
    expect(isaLadder('arm64', 'neon')).toEqual(['neon', 'ref']);
  });
  it('leaves the reference where a cap is of another architecture', () => {
    expect(isaLadder('x64', 'neon')).toEqual(['ref']);
    expect(isaLadder('riscv64')).toEqual(['ref']);
  });
  it('ends in the reference from every rung', () => {
    for (const isa of isas) for (const architecture of ['x64', 'arm64']) expect(isaLadder(architecture, isa).at(-1)).toBe('ref');
  });
});

describe('run ids', () => {
  it('sort by time', () => {
    const early = newRunId(new Date('2026-01-02T03:04:05Z'), () => 0.999);
    const late = newRunId(new Date('2026-01-02T03:04:06Z'), () => 0);
    expect(early).toBe('20260102-030405-zzzz');
    expect(early < late).toBe(true);
    expect(RunId.safeParse('../../etc').success).toBe(false);
  });
});

describe('small forms', () => {
  it('reads durations', () => expect(['30s', '5m', '2h', '1.5s', '250ms'].map(durationMs)).toEqual([30_000, 300_000, 7_200_000, 1_500, 250]));
  it('reads levels in either case', () => {
    expect(LoggingConfig.shape.level.parse('DEBUG')).toBe('debug');
    expect(LoggingConfig.shape.level.parse('Warning')).toBe('warn');
    expect(LoggingConfig.shape.level.safeParse('loud').success).toBe(false);
  });
  it('takes a path for the data block', () => expect(TrainingConfigInput.parse({ data: 'rows.jsonl' }).data).toEqual({ path: 'rows.jsonl' }));
});
