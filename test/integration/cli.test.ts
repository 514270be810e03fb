import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stepEntry, writeRunFolder } from '../support/run-folder.ts';
import { runLathe, type Ended } from '../support/run-lathe.ts';

const project = join(import.meta.dirname, '..', '..');
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'lathe-cli-'))));
afterEach(() => rmSync(home, { recursive: true }));

const lathe = (args: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> => runLathe(args.split(' ').filter(Boolean), { home, env });
const put = (name: string, text: string): string => {
  writeFileSync(join(home, name), text);
  return name;
};

describe('lathe, from outside', () => {
  it('shows help and version without making a folder', async () => {
    const [none, help, version] = [await lathe(''), await lathe('--help'), await lathe('--version')];
    expect([none.code, help.code, version.code]).toEqual([0, 0, 0]);
    expect(none.stdout).toBe(help.stdout);
    const names = 'demo train plan evaluate benchmark schedule generate export inspect run registry gate deploy deployment target doctor'.split(' ');
    for (const command of names) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(version.stdout.trim()).toBe((JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }).version);
    expect(readdirSync(home)).toEqual([]);
  });

  it('has help for each command, also through the starter', async () => {
    for (const [command, detaches] of [
      ['train', true],
      ['evaluate', false],
      ['run resume', false],
    ] as const) {
      const { code, stdout } = await lathe(`${command} --help`);
      expect([code, stdout.includes('--json'), stdout.includes('--detach')]).toEqual([0, true, detaches]);
    }
    for (const command of ['generate', 'evaluate', 'inspect']) {
      const words = (await lathe(`${command} --help`)).stdout.replaceAll(/\s+/g, ' ');
      expect(words).toMatch(/\(default: \d+\)/);
      expect(words).not.toMatch(/(\(default: [^)]*\)) \1/);
    }
    const started = await runLathe(['train', '--help'], { home, entry: join(project, 'main', 'cli', 'bin.js') });
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect((await lathe('run')).code).toBe(2);
  });

  it.each([
    ['trian', 'USAGE', "Unknown command 'trian'", 'Did you mean train?'],
    ['train --rnak 3', 'USAGE', "Unknown option '--rnak'", 'Did you mean --rank?'],
    ['train --rank 0', 'USAGE', '--rank must be at least 1, not 0', 'Give a number of at least 1.'],
    ['train --data x', 'USAGE', '--model is missing', 'Give --model, or model in the file of --config.'],
    ['train --allow-drift', 'USAGE', '--allow-drift without --resume', 'Only a resumed run can drift; leave it out.'],
    [
      'export --adapter a --to pdf --out b',
      'USAGE',
      expect.stringMatching(/Allowed choices are peft, gguf, merged-gguf, merged-safetensors$/),
      'See `lathe export --help`.',
    ],
    ['evaluate --data x', 'USAGE', "Required option '--model <path-or-name>' not specified", 'See `lathe evaluate --help`.'],
    ['registry approve a@1.0.0', 'USAGE', "Required option '--reason <text>' not specified", 'See `lathe registry approve --help`.'],
    ['run show none', 'RUN_UNKNOWN', expect.stringContaining('No run none in'), '`lathe run list` shows what there is.'],
    ['train --resume auto', 'RUN_NOT_FOUND', expect.stringContaining('No run to resume at'), '`lathe train --out DIR` starts one.'],
  ])('wrong usage: %s', async (args, code, message, remedy) => {
    const plain = await lathe(args);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr).toMatch(/^lathe: [^\n]+\.\s[^\n]+\n$/);
    const ended = await lathe(`${args} --json`);
    expect(ended.code).toBe(2);
    expect(ended.json()).toEqual([{ event: 'error', code, message, remedy }]);
  });

  it('names a missing file as wrong data', async () => {
    const ended = await lathe('train --model none.gguf --data none.jsonl --json');
    expect(ended.code).toBe(3);
    expect(ended.json()).toEqual([expect.objectContaining({ code: 'FILE_MISSING', message: 'Model not found: none.gguf' })]);
  });

  it('refuses a configuration by file and line', async () => {
    put('run.yaml', 'model: m\nlora:\n  rnak: 3\n');
    expect((await lathe('train --config run.yaml')).stderr).toBe('lathe: run.yaml line 3: unknown key lora.rnak. Did you mean rank?\n');
    put('later.yaml', 'model: m\n\ndeployment:\n  max_instances: 1\n');
    expect(await lathe('train --config later.yaml')).toMatchObject({
      code: 2,
      stderr: 'lathe: later.yaml line 3: training with a deployment block is not in this version. Remove it.\n',
    });
    expect((await lathe('plan --config none.yaml')).code).toBe(3);
  });

  it('refuses an instruction set that there is not', async () => {
    expect(await lathe('doctor', { LATHE_ISA: 'sse9' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LATHE_ISA=sse9 is not an instruction set. Use one of: ref,'),
    });
  });

  it('works on where the log cannot be written', async () => {
    put('file', '');
    const { code, stderr } = await lathe('doctor', { LATHE_HOME: join(home, 'file') });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^lathe: No log is written \([^\n]*\)\.\n$/);
  });
});

describe('lathe doctor', () => {
  it('says what there is, obeys the cap, and remembers the probe', async () => {
    const [first, second] = [await lathe('doctor --json', { LATHE_ISA: 'ref' }), await lathe('doctor --json', { LATHE_ISA: 'ref' })];
    expect(first.code).toBe(0);
    expect(first.json()).toHaveLength(1);
    const engine = first.json()[0]?.['engine'] as { answer: { isa: string; kernels: { isa: string; chosen: boolean }[] } };
    expect(engine.answer.isa).toBe('ref');
    const chosen = engine.answer.kernels.filter((row) => row.chosen);
    expect(chosen.length).toBeGreaterThan(5);
    expect(chosen.every((row) => row.isa === 'ref')).toBe(true);
    expect(second.json()[0]?.['engine']).toEqual(engine);
    expect(readdirSync(join(home, 'lathe', 'cache'))).toHaveLength(1);
    expect((await lathe('doctor', { LATHE_ISA: 'ref' })).stdout).toMatch(/^instruction set +ref$/m);
  });

  it('misses a LATHE_HOME that cannot hold anything', async () => {
    put('taken', 'a file');
    const ended = await lathe('doctor --json', { LATHE_HOME: join(home, 'taken') });
    expect(ended.json()[0]?.['missing']).toEqual([`a LATHE_HOME to write to: ${join(home, 'taken')} is no folder`]);
  });

  it.each([
    ['not there', 'none.node'],
    ['no library', 'text.node'],
  ])('reports an engine that is %s', async (_, name) => {
    put('text.node', 'words');
    const ended = await lathe('doctor --json', { LATHE_ADDON: join(home, name) });
    expect(ended.code).toBe(2);
    expect(ended.json()).toEqual([
      expect.objectContaining({ event: 'done', engine: null }),
      expect.objectContaining({ event: 'error', code: 'ADDON_MISSING' }),
    ]);
  });
});

describe('lathe inspect, through a real compute process', () => {
  it('writes JSON lines and nothing else', async (test) => {
    if (!existsSync(join(project, 'resources', 'models', 'lathe-base.gguf'))) return test.skip('the embedded model is not here');
    put('rows.jsonl', '{"prompt":"a","completion":"b"}\n{"prompt":"c","completion":"d"}\n');
    const ended = await lathe('inspect rows.jsonl --model lathe-base --json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.json().at(-1)).toMatchObject({ event: 'done', kind: 'dataset', facts: expect.objectContaining({ rows: 2 }) });
  });

  it('brings an error across both borders', async () => {
    put('rows.jsonl', '{"prompt":"a","completion":"b"}\n');
    const ended = await lathe('inspect rows.jsonl --json');
    expect(ended.code).toBe(2);
    expect(ended.json()).toEqual([expect.objectContaining({ event: 'error', code: 'USAGE', remedy: 'Name one with --model.' })]);
  });

  it('ends with one line and the exit code of wrong data', async () => {
    put('model.gguf', 'GGUF and no more');
    const ended = await lathe('inspect model.gguf');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(ended.stderr).toMatch(/^lathe: [^\n]*model\.gguf is not a sound GGUF file[^\n]*\n$/);
  });
});

describe('lathe run', () => {
  const started = '2026-01-01T00:00:00Z';
  const done = { event: 'done', run: 'a', adapter: '/a', steps: 9, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 } as const;
  const folder = (name: string, ...events: Parameters<typeof writeRunFolder>[1]['events']): string =>
    writeRunFolder(join(home, 'lathe', 'runs', name), { run: name, started, events });

  it('lists nothing where there is nothing, and names the place that cannot be written', async () => {
    expect((await lathe('run list --json')).json()).toEqual([{ event: 'done', runs: [], next: null }]);
    put('file', '');
    const { code, stderr } = await lathe('run list', { LATHE_HOME: join(home, 'file') });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^lathe: No log is written [^\n]*\nlathe: No permission for [^\n]*\n$/);
  });

  it('lists, shows and watches runs that only their folders know of', async () => {
    folder('a', stepEntry(1), stepEntry(2), done);
    expect((await lathe('run list --json')).json()).toEqual([
      { event: 'done', runs: [expect.objectContaining({ run: 'a', state: 'done', step: 2, steps: 9 })], next: null },
    ]);
    expect((await lathe('run show a')).stdout).toMatch(/^state +done$/m);
    expect((await lathe('run watch a --json')).json().map(({ event }) => event)).toEqual(['step', 'step', 'done']);
  });

  it('does not stop what does not run, and takes no folder twice', async () => {
    const path = folder('b', stepEntry(3));
    expect((await lathe('run stop b --json')).json()).toEqual([
      expect.objectContaining({ code: 'RUN_NOT_RUNNING', message: 'Run b is not running (interrupted)' }),
    ]);
    put('m.gguf', '');
    put('rows.jsonl', '');
    const before = readFileSync(join(path, 'run.yaml'), 'utf8');
    const taken = await lathe(`train --model m.gguf --data rows.jsonl --out ${path} --json`);
    expect([taken.code, taken.json()[0]?.['code']]).toEqual([2, 'RUN_FOLDER_TAKEN']);
    expect(readFileSync(join(path, 'run.yaml'), 'utf8')).toBe(before);
    expect((await lathe('train --resume b --rank 3')).stderr).toBe(
      'lathe: --rank cannot be set on a resumed run. A run keeps its settings; start a new one for others.\n',
    );
    expect(existsSync(join(path, 'checkpoints'))).toBe(false);
  });
});
