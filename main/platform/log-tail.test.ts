import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loggingDefaults } from '../../shared/domain/logging-config.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readLogTail } from './log-tail.ts';
import { openLogFile } from './logger.ts';

const all = { level: 'debug', limit: 100, run: null } as const;
let count = 0;
const parent = temporaryFolder();
function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = join(parent, String((count += 1)));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const line = (msg: string, more: object = {}): string => `${JSON.stringify({ level: 'info', time: '2026-01-31T10:00:00.000Z', pid: 1, msg, ...more })}\n`;
const messages = (folder: string, asked: Partial<Parameters<typeof readLogTail>[1]> = {}): string[] =>
  readLogTail(folder, { ...all, ...asked }).map(({ message }) => message);

describe('the tail of the log', () => {
  it('is what was written last, in its order, over all files', () => {
    const folder = folderWith({
      'lathe-2026-01-30.log': line('old'),
      'lathe-2026-01-31.log': line('a') + line('b'),
      'lathe-2026-01-31.2.log': line('d'),
      'lathe-2026-01-31.1.log': line('c'),
      'lathe-2026-01-31.10.log': line('e'),
      'other.log': line('not ours'),
    });
    expect(messages(folder)).toEqual(['old', 'a', 'b', 'c', 'd', 'e']);
    expect(messages(folder, { limit: 3 })).toEqual(['c', 'd', 'e']);
    expect(messages(join(folder, 'nowhere'))).toEqual([]);
  });

  it('reads lines that lie across what is read at once, whatever signs are in them', () => {
    const texts = Array.from({ length: 9 }, (_, i) => `${i} ${'ä€😀'.repeat(20_000 + i)}`);
    const folder = folderWith({ 'lathe-2026-01-31.log': texts.map((text) => line(text)).join('') });
    expect(messages(folder)).toEqual(texts);
  });

  it('has what the logger wrote: level, name, fields, in either format', () => {
    const folder = folderWith();
    const file = openLogFile(folder);
    const { log } = file;
    log.child('core', { correlation: 'r1' }).warn('it happened', { ms: 5 });
    expect(readLogTail(folder, all)).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        level: 'warn',
        name: 'core',
        message: 'it happened',
        fields: { pid: process.pid, correlation: 'r1', ms: 5 },
      },
    ]);
    file.configure({ ...loggingDefaults, format: 'text' }, { debug: false });
    log.child('core').error('as text', { ms: 6 });
    expect(readLogTail(folder, { ...all, level: 'error' })).toEqual([
      { time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'error', name: '', message: expect.stringMatching(/core: as text .*ms=6/), fields: {} },
    ]);
  });

  it('takes a level and graver ones, and one run', () => {
    const folder = folderWith({
      'lathe-2026-01-31.log': [
        ...[line('d', { level: 'debug' }), line('e', { level: 'error' }), line('w', { level: 'warn', run: 'r1' })],
        ...[line('p', { correlation: 'r1 plan' }), line('c', { correlation: 'r1' }), line('about r1', { correlation: 'r12' })],
      ].join(''),
    });
    expect(messages(folder, { level: 'warn' })).toEqual(['e', 'w']);
    expect(messages(folder, { run: 'r1' })).toEqual(['w', 'p', 'c']);
  });

  it('shows a line that was cut off as it stands', () => {
    const folder = folderWith({ 'lathe-2026-01-31.log': line('a') });
    appendFileSync(join(folder, 'lathe-2026-01-31.log'), '{"level":"info","msg":"cut');
    expect(messages(folder)).toEqual(['a', '{"level":"info","msg":"cut']);
  });
});
