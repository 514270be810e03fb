import { describe, expect, it } from 'vitest';
import { linesWith, logLineText } from './log-line-text.ts';

const line = { time: '2026-01-31T12:00:00.000Z', level: 'warn', name: 'core', message: 'run waits', fields: { run: 'r1', pid: 7, error: null } } as const;
const other = { ...line, time: null, level: 'info', name: '', message: 'listening', fields: {} } as const;

describe('lines of the log', () => {
  it('are one text each, without what is not there', () => {
    expect(logLineText(line)).toBe('2026-01-31T12:00:00.000Z WARN core run waits run=r1 pid=7 error=null');
    expect(logLineText(other)).toBe('INFO listening');
  });

  it('are found by every word, in either case and any order', () => {
    expect(linesWith([line, other], 'R1 warn')).toEqual([line]);
    expect(linesWith([line, other], 'warn listening')).toEqual([]);
    expect(linesWith([line, other], '  ')).toEqual([line, other]);
  });
});
