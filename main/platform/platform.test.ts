import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loggingDefaults } from '../../shared/domain/logging-config.ts';
import { fileFailure } from './file-failure.ts';
import { freeDiskBytes, readHardware } from './hardware.ts';
import { openLogFile } from './logger.ts';
import { findPaths } from './paths.ts';
import { isSameProcess } from './process-identity.ts';
import { redactor } from './redact.ts';
import { openRollingFile } from './rolling-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lathe-platform-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('findPaths', () => {
  it('obeys LATHE_HOME, and makes nothing', () => {
    const paths = findPaths({ LATHE_HOME: join(folder, 'home') });
    expect(paths.runs).toBe(join(folder, 'home', 'runs'));
    expect(findPaths({ LATHE_HOME: 'here' }).home).toBe(resolve('here'));
    expect(existsSync(paths.home)).toBe(false);
  });
  it('has a place by default', () => expect(findPaths({}).home).toMatch(/lathe/));
});

describe('redactor', () => {
  const redact = redactor('/people/ann');
  it.each([
    ['{"path":"/people/ann/rows.jsonl"}', '{"path":"~/rows.jsonl"}'],
    ['/people/anna/x', '/people/anna/x'],
    ['Authorization: Bearer abcdef123456', 'Authorization: [secret] [secret]'],
    ['{"token":"abc"}', '{"token":"[secret]"}'],
    ['hf_ABCDEFGHIJKL', '[secret]'],
    ['ann@example.org wrote', '[address] wrote'],
    ['{"tokens":128,"loss":2.5}', '{"tokens":128,"loss":2.5}'],
    ['{"max_tokens":128,"tokens_per_second":3}', '{"max_tokens":128,"tokens_per_second":3}'],
    ['{"HANA_PASSWORD":"two words","x":1}', '{"HANA_PASSWORD":"[secret]","x":1}'],
    ['client_secret=abc access-token: xyz', 'client_secret=[secret] access-token: [secret]'],
    [String.raw`{"body":"{\"token\":\"a b\",\"n\":1}"}`, String.raw`{"body":"{\"token\":\"[secret]\",\"n\":1}"}`],
    ['hdbsql://DBADMIN:p4ss@host.example:443/x', 'hdbsql://[secret]@host.example:443/x'],
    [String.raw`"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"`, '"[secret]"'],
  ])('%s', (line, expected) => expect(redact(line)).toBe(expected));
});

describe('openRollingFile', () => {
  const now = { date: new Date('2026-03-01T10:00:00Z') };
  const open = (maxBytes = 20) => openRollingFile({ directory: folder, name: 'lathe', maxBytes, keepDays: 2, now: () => now.date });

  it('starts a new file when one is full, and every day', () => {
    now.date = new Date('2026-03-01T10:00:00Z');
    const file = open();
    for (let i = 0; i < 5; i++) file.write('0123456789\n');
    now.date = new Date('2026-03-02T00:00:01Z');
    file.write('next\n');
    expect(readdirSync(folder).toSorted()).toEqual(['lathe-2026-03-01.1.log', 'lathe-2026-03-01.2.log', 'lathe-2026-03-01.log', 'lathe-2026-03-02.log']);
  });

  it('goes on with the file of an earlier process, and removes old ones alone', () => {
    now.date = new Date('2026-03-05T10:00:00Z');
    for (const name of ['lathe-2026-03-02.log', 'lathe-2026-03-02.1.log', 'lathe-2026-03-03.log', 'notes.log', 'lathe-2026.log'])
      writeFileSync(join(folder, name), '');
    open(1000).write('one\n');
    open(1000).write('two\n');
    expect(readFileSync(join(folder, 'lathe-2026-03-05.log'), 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(folder).toSorted()).toEqual(['lathe-2026-03-03.log', 'lathe-2026-03-05.log', 'lathe-2026.log', 'notes.log']);
  });
});

describe('openLogFile', () => {
  const lines = (): string[] => readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));

  it('writes fixed sentences with fields, and hides where the user lives', () => {
    const file = openLogFile(folder);
    file.log.child('scheduler', { run: 'r' }).info('checkpoint saved', { path: join(homedir(), 'x'), step: 3 });
    file.log.debug('not shown');
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
      level: 'info',
      name: 'scheduler',
      run: 'r',
      msg: 'checkpoint saved',
      path: '~/x',
      step: 3,
      time: expect.stringMatching(/^\d{4}-/),
    });
    expect(file.path()).toBe(join(folder, readdirSync(folder)[0] ?? ''));
  });

  it('obeys the logging block', () => {
    const file = openLogFile(folder);
    const log = file.log.child('a');
    file.configure({ ...loggingDefaults, level: 'error', format: 'text', include_timestamp: false }, { debug: true });
    log.debug('a thing', { ms: 5, what: 'two words' });
    file.configure({ ...loggingDefaults, include_level: false }, { debug: false });
    log.debug('silent');
    log.info('b');
    expect(lines()[0]).toMatch(/^DEBUG a: a thing pid=\d+ ms=5 what="two words"$/);
    expect(JSON.parse(lines()[1] ?? '')).not.toHaveProperty('level');
    expect(lines()).toHaveLength(2);
  });

  it('costs the log and not the work where it cannot be written', () => {
    const blocked = join(folder, 'file');
    appendFileSync(blocked, '');
    const file = openLogFile(join(blocked, 'logs'));
    file.log.info('nowhere');
    expect(file.problem).toMatch(/ENOTDIR|EEXIST/);
  });
});

describe('machine', () => {
  it('has cores, memory and disk', () => {
    const { cores, memoryBytes, freeMemoryBytes } = readHardware();
    expect(cores).toBeGreaterThan(0);
    expect(freeMemoryBytes).toBeLessThanOrEqual(memoryBytes);
    expect(freeDiskBytes(join(folder, 'not', 'made', 'yet'))).toBeGreaterThan(0);
  });
  it('knows a process from one that took its number', () => {
    expect(isSameProcess({ pid: process.pid })).toBe(true);
    expect(isSameProcess({ pid: process.pid, ticks: '1' })).toBe(process.platform !== 'linux');
    expect(isSameProcess({ pid: 2 ** 22 + 1 })).toBe(false);
  });
  it('turns refusals of the file system into our errors', () => {
    const refusal = (code: string): Error => Object.assign(new Error(code), { code });
    const of = (code: string) => fileFailure(refusal(code), { what: 'Model', path: '/m', action: 'read' });
    expect(['ENOENT', 'EACCES', 'ENOSPC'].map((code) => (of(code) as { code: string }).code)).toEqual(['FILE_MISSING', 'FILE_FORBIDDEN', 'DISK_FULL']);
    expect(of('EIO')).toMatchObject({ message: 'EIO' });
  });
});
