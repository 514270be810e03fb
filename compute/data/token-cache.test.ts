import { closeSync, openSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallTemplate, smallTokenizer, TemporaryFolder } from '../../test/support/small-tokenizer.ts';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { DatasetPass } from './render-dataset.ts';
import { openTokenCache, type OpenedTokenCache, type TokenCacheOptions } from './token-cache.ts';
import type { DatasetReport, RenderedRow } from './types.ts';

const failure = (code: string, message: RegExp): object => expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as object;
const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const pair = (prompt: string, completion: string): object => ({ prompt, completion });

type Settings = Partial<Omit<TokenCacheOptions, 'path' | 'cacheDirectory'>>;
const optionsFor = (folder: TemporaryFolder, path: string, settings: Settings = {}): TokenCacheOptions => ({
  path,
  cacheDirectory: join(folder.path, 'cache'),
  tokenizer: smallTokenizer,
  modelTemplate: smallTemplate,
  maxSeqLength: 512,
  ...settings,
});

async function reportOf(content: string, settings: Settings = {}, name = 'd.jsonl'): Promise<DatasetReport> {
  using folder = new TemporaryFolder();
  using cache = (await openTokenCache(optionsFor(folder, folder.write(name, content), settings))).cache;
  return cache.report;
}

const rowsOf = ({ cache }: OpenedTokenCache): RenderedRow[] => Array.from({ length: cache.rows }, (_, row) => cache.read(row));

describe('openTokenCache', () => {
  const content = jsonl([pair('Hello', 'yes'), pair('12 34', 'no'), pair('日本', '🦙')]);

  it('gives back the rows it was made of', async () => {
    using folder = new TemporaryFolder();
    const options = optionsFor(folder, folder.write('d.jsonl', content));
    const expected: RenderedRow[] = [];
    for await (const { row } of new DatasetPass(options).rows()) expected.push(row);
    const opened = await openTokenCache(options);
    using cache = opened.cache;
    expect(rowsOf(opened)).toEqual(expected);
    expect([cache.length(1), cache.line(2)]).toEqual([expected[1]?.tokens.length, 3]);
    expect(cache.report).toMatchObject({ rows: 3, used: 3, layout: 'prompt-completion', template: 'model' });
  });

  it('stores ids of a large vocabulary in four bytes', async () => {
    using folder = new TemporaryFolder();
    const shift = 100_000;
    const tokenizer: Tokenizer = {
      ...smallTokenizer,
      vocabSize: 200_000,
      fingerprint: 'large',
      encode: (text) => smallTokenizer.encode(text).map((id) => id + shift),
    };
    const path = folder.write('d.jsonl', content);
    const [large, small] = [await openTokenCache(optionsFor(folder, path, { tokenizer })), await openTokenCache(optionsFor(folder, path))];
    using _large = large.cache;
    using _small = small.cache;
    expect(rowsOf(large)).toEqual(rowsOf(small).map((row) => ({ ...row, tokens: row.tokens.map((id) => id + shift) })));
  });

  it('is found again, and made anew when anything that decides its content changes', async () => {
    using folder = new TemporaryFolder();
    const path = folder.write('d.jsonl', content);
    const origin = async (settings: Settings = {}): Promise<string> => {
      const opened = await openTokenCache(optionsFor(folder, path, settings));
      opened.cache[Symbol.dispose]();
      return opened.origin;
    };
    expect(await origin()).toBe('new');
    expect(await origin()).toBe('found');
    const changes: Settings[] = [
      { maxSeqLength: 100 },
      { trainOn: 'all' },
      { modelTemplate: `${smallTemplate} ` },
      { tokenizer: { ...smallTokenizer, fingerprint: 'other' } },
      { chatTemplate: 'none' },
      { keepDuplicates: true },
      { columns: { prompt: 'completion', completion: 'prompt' } },
    ];
    for (const change of changes) expect([change, await origin(change)]).toEqual([change, 'new']);
    writeFileSync(path, content.replace('Hello', 'HELLO'));
    expect(await origin()).toBe('new');
    const dated = `${smallTemplate}{{ strftime_now('%d') }}`;
    expect(await origin({ modelTemplate: dated, date: new Date('2026-01-01T05:00:00Z') })).toBe('new');
    expect(await origin({ modelTemplate: dated, date: new Date('2026-01-01T09:00:00Z') })).toBe('found');
    expect(await origin({ modelTemplate: dated, date: new Date('2026-01-02T05:00:00Z') })).toBe('new');
    utimesSync(path, new Date(), new Date('2026-01-02T23:00:00Z'));
    expect(await origin({ modelTemplate: dated })).toBe('found');
  });

  it.each([
    ['a flipped bit', (path: string, size: number) => patch(path, Math.floor(size / 2))],
    ['a flipped bit in the rows', (path: string) => patch(path, 10)],
    ['a flipped bit in the trailer', (path: string, size: number) => patch(path, size - 60)],
    ['a missing end', (path: string, size: number) => truncateSync(path, size - 1)],
    ['nothing in it', (path: string) => truncateSync(path, 0)],
  ])('recognises damage (%s) and mends it', async (_, damage) => {
    using folder = new TemporaryFolder();
    const options = optionsFor(folder, folder.write('d.jsonl', content));
    const first = await openTokenCache(options);
    const [rows, { path }] = [rowsOf(first), first.cache];
    first.cache[Symbol.dispose]();
    damage(path, statSync(path).size);
    const second = await openTokenCache(options);
    expect([second.origin, rowsOf(second)]).toEqual(['damaged', rows]);
    second.cache[Symbol.dispose]();
  });

  it('leaves nothing behind when a row is broken, or when it is stopped', async () => {
    using folder = new TemporaryFolder();
    const options = optionsFor(folder, folder.write('d.jsonl', `${content}{"prompt"\n`));
    await expect(openTokenCache(options)).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 4/));
    await expect(openTokenCache({ ...options, signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
    expect(readdirSync(join(folder.path, 'cache'))).toEqual([]);
  });

  it('says where a row cannot be understood, and where a template objects to one', async () => {
    await expect(reportOf(jsonl([pair('a', 'b'), { prompt: { x: 1 }, completion: 'c' }]))).rejects.toThrow(
      failure('DATASET_LINE_INVALID', /line 2: column 'prompt' holds an object/),
    );
    const modelTemplate = "{% if messages[0].content == 'bad' %}{{ raise_exception('no') }}{% endif %}x";
    await expect(reportOf(jsonl([pair('bad', 'b')]), { modelTemplate })).rejects.toThrow(failure('CHAT_TEMPLATE_INVALID', /no \(line 1\)/));
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    await reportOf(jsonl(Array.from({ length: 2500 }, (_, i) => pair(`${i}`, 'x'))), { onProgress: (rows) => told.push(rows) });
    expect(told).toEqual([1000, 2000]);
  });
});

function patch(path: string, at: number): void {
  const byte = readFileSync(path)[at] ?? 0;
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.of(byte ^ 1), 0, 1, at);
  closeSync(file);
}

describe('the report', () => {
  it('counts empty, repeated, cut and useless rows, with examples', async () => {
    const long = 'word '.repeat(100);
    const rows = [pair('a', 'b'), pair('a', ''), pair('a', 'b'), pair('a', long), pair(long, 'b'), pair('a', 'c <|im_end|> d'), pair('', 'e')];
    const report = await reportOf(jsonl(rows), { maxSeqLength: 60 });
    expect(report).toMatchObject({ rows: 7, used: 4, empty: 1, duplicates: 1, truncated: 1, ungraded: 1, controlTokens: 1 });
    expect(report.problems.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
      '2 the row is empty',
      '3 an earlier row is the same',
      expect.stringMatching(/^4 cut from \d+ to 60 tokens$/),
      '5 its answer begins after max_seq_length (60)',
      "6 the row's own text holds the control token <|im_end|>",
    ]);
    expect(report.lengthHistogram.reduce((sum, bin) => sum + bin.rows, 0)).toBe(4);
    expect(report.lengthHistogram[0]).toMatchObject({ from: 1, to: 32 });
    const kept = await reportOf(jsonl(rows), { maxSeqLength: 60, keepDuplicates: true });
    expect(kept).toMatchObject({ used: 5, duplicates: 1 });
  });

  it('keeps a few examples of a kind only', async () => {
    const report = await reportOf(jsonl([...Array.from({ length: 50 }, () => pair('a', '')), pair('a', 'b')]));
    expect([report.empty, report.problems.length]).toEqual([50, 5]);
  });

  it.each([
    ['none at all', '', '0 rows'],
    ['only empty ones', jsonl([pair('a', ' ')]), '1 empty'],
    ['none short enough', jsonl([pair('a '.repeat(900), 'b')]), '1 with nothing to learn'],
  ])('refuses a file whose usable rows are %s', async (_, content, reason) => {
    await expect(reportOf(content)).rejects.toThrow(failure('DATASET_EMPTY', new RegExp(`no usable row.*${reason}`)));
  });

  it('takes one row', async () => {
    expect(await reportOf(jsonl([pair('a', 'b')]))).toMatchObject({ rows: 1, used: 1 });
  });

  it('names wrong columns', async () => {
    await expect(reportOf(jsonl([{ foo: 1, bar: 2 }]))).rejects.toThrow(failure('DATASET_COLUMNS_UNKNOWN', /columns foo, bar/));
  });

  it('says which template was used', async () => {
    const chat = jsonl([
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      },
    ]);
    expect((await reportOf(chat)).template).toBe('model');
    expect((await reportOf(chat, { modelTemplate: null })).template).toBe('plain');
    expect((await reportOf(chat, { chatTemplate: { jinja: 'x {{ messages[1].content }}' } })).template).toBe('given');
    expect((await reportOf(jsonl([pair('a', 'b')]), { modelTemplate: null })).template).toBe('none');
    expect((await reportOf(jsonl([pair('a', 'b')]), { chatTemplate: 'plain' })).template).toBe('plain');
    expect((await reportOf('Hello\n\nWorld\n', {}, 'd.txt')).template).toBe('none');
  });
});
