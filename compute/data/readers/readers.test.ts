import { openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { TemporaryFolder } from '../../../test/support/small-tokenizer.ts';
import { findSeparator } from './csv.ts';
import { readRows } from './read-rows.ts';
import type { RawRow } from './row.ts';

async function collect(path: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const row of readRows(path)) rows.push(row);
  return rows;
}

async function rowsOf(name: string, content: string | Uint8Array): Promise<RawRow[]> {
  using folder = new TemporaryFolder();
  return await collect(folder.write(name, content));
}

const failure = (code: string, message: RegExp): object => expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as object;

/** A file of `megabytes` whose first row never ends. */
function writeHugeRow(path: string, start: string, megabytes: number): void {
  const file = openSync(path, 'w');
  writeSync(file, start);
  const block = Buffer.alloc(1 << 20, 'x');
  for (let i = 0; i < megabytes; i += 1) writeSync(file, block);
  closeSync(file);
}

describe('JSON Lines', () => {
  it('reads BOM, CRLF, blank lines and a last line without an end', async () => {
    expect(await rowsOf('a.jsonl', '\ufeff{"a":1}\r\n\r\n{"a":"é 日本"}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 3, value: { a: 'é 日本' } },
    ]);
  });

  it('puts characters together that a piece of the file cuts', async () => {
    const long = 'é'.repeat(400_000);
    const rows = await rowsOf('a.jsonl', `{"a":"x${long}"}\n{"a":"${long}"}\n`);
    expect(rows.map((row) => (row.value as { a: string }).a.length)).toEqual([400_001, 400_000]);
  });

  it('names the line that is broken', async () => {
    await expect(rowsOf('a.jsonl', '{"a":1}\n{"a":\n{"a":3}\n')).rejects.toThrow(failure('DATASET_LINE_INVALID', /a\.jsonl line 2: not valid JSON/));
  });

  it('names Latin-1 bytes and where they are, and UTF-16', async () => {
    const latin = Buffer.from('{"a":"x"}\n{"a":"caf\xe9"}\n', 'latin1');
    await expect(rowsOf('a.jsonl', latin)).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 2: character 10 is not UTF-8 \(is the file Latin-1\?\)/));
    await expect(rowsOf('a.jsonl', Buffer.from('\ufeff{"a":1}', 'utf16le'))).rejects.toThrow(failure('DATASET_LINE_INVALID', /UTF-16/));
  });

  it('gives nothing for an empty file', async () => {
    expect(await rowsOf('a.jsonl', '')).toEqual([]);
  });
});

describe('a row of 200 MB', () => {
  it.each([
    ['huge.jsonl', '{"text":"'],
    ['huge.json', '[{"text":"'],
    ['huge.csv', 'prompt,completion\nx,"'],
    ['huge.txt', ''],
  ])('is refused in %s without being in memory', async (name, start) => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, name);
    writeHugeRow(path, start, 200);
    const before = process.memoryUsage().rss;
    await expect(collect(path)).rejects.toThrow(
      failure('DATASET_ROW_TOO_LARGE', new RegExp(`${name} line ${name === 'huge.csv' ? 2 : 1} is more than 16 MiB`)),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(120 << 20);
  });
});

describe('JSON', () => {
  it('reads an array row by row, brackets and quotes in strings left alone', async () => {
    const text = '\ufeff [\n {"a": "]}\\"{[", "b": [1, {"c": 2}]},\r\n\n 7, "x,]" , null,\n{"a": "é"}\n]\n';
    expect(await rowsOf('a.json', text)).toEqual([
      { line: 2, value: { a: ']}"{[', b: [1, { c: 2 }] } },
      { line: 4, value: 7 },
      { line: 4, value: 'x,]' },
      { line: 4, value: null },
      { line: 5, value: { a: 'é' } },
    ]);
    expect(await rowsOf('a.json', '[1,2]')).toHaveLength(2);
    expect(await rowsOf('a.json', '[]')).toEqual([]);
  });

  it('reads objects that follow one another', async () => {
    expect(await rowsOf('a.json', '{\n "a": 1\n}\n{"a": 2}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: { a: 2 } },
    ]);
  });

  it('gives the same rows wherever the file is cut into pieces', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ text: `"é" [${i}] \\ `.repeat(20) }));
    expect((await rowsOf('a.json', JSON.stringify(rows, null, 2))).map((row) => row.value)).toEqual(rows);
  });

  it('names the line of a broken element and of an array that does not end', async () => {
    await expect(rowsOf('a.json', '[\n{"a":1},\n{"a":}\n]')).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 3: not valid JSON/));
    await expect(rowsOf('a.json', '[\n{"a":1},\n')).rejects.toThrow(failure('DATASET_LINE_INVALID', /does not end/));
  });
});

describe('CSV', () => {
  it('reads quoted fields over several lines, BOM and CRLF', async () => {
    expect(await rowsOf('a.csv', '\ufeffprompt,completion\r\n"a, ""b""","c\r\nd"\r\nx,y\r\n')).toEqual([
      { line: 2, value: { prompt: 'a, "b"', completion: 'c\nd' } },
      { line: 4, value: { prompt: 'x', completion: 'y' } },
    ]);
  });

  it('takes the separator from the header', async () => {
    expect((await rowsOf('a.tsv', 'a\tb\n1,5\t2\n'))[0]?.value).toEqual({ a: '1,5', b: '2' });
    expect(findSeparator('"a,b,c";d')).toBe(';');
  });

  it('names the line with too few fields, and Latin-1 bytes', async () => {
    await expect(rowsOf('a.csv', 'a,b\n1,2\n3\n')).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 3: it has 1 fields, the header has 2/));
    await expect(rowsOf('a.csv', 'a,b\n1,"2\n3,4\n')).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 2: Quote/));
    await expect(rowsOf('a.csv', Buffer.from('a,b\n1,\xfc\n', 'latin1'))).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 2: .*not UTF-8/));
  });
});

describe('Parquet', () => {
  const file = (): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'prompt', data: ['a', 'ü', 'c'], type: 'STRING' },
          { name: 'number', data: [1n, 2n, 3n], type: 'INT64' },
        ],
        rowGroupSize: 2,
      }),
    );

  it('reads every row group', async () => {
    expect(await rowsOf('a.parquet', file())).toEqual([
      { line: 1, value: { prompt: 'a', number: 1 } },
      { line: 2, value: { prompt: 'ü', number: 2 } },
      { line: 3, value: { prompt: 'c', number: 3 } },
    ]);
    expect(await rowsOf('no-ending', file())).toHaveLength(3);
  });

  it('names a file that is cut off or no Parquet at all', async () => {
    await expect(rowsOf('a.parquet', file().subarray(0, -20))).rejects.toThrow(failure('DATASET_UNREADABLE', /not a sound Parquet file/));
    await expect(rowsOf('a.parquet', 'hello')).rejects.toThrow(failure('DATASET_UNREADABLE', /not a sound Parquet file/));
  });
});

describe('text', () => {
  it('gives a row for every block between blank lines', async () => {
    expect(await rowsOf('a.txt', '\ufeffone\r\ntwo\r\n\r\n \nthree')).toEqual([
      { line: 1, value: 'one\ntwo' },
      { line: 5, value: 'three' },
    ]);
  });

  it('refuses bytes that are no text', async () => {
    await expect(rowsOf('a.txt', 'a\n\0b')).rejects.toThrow(failure('DATASET_LINE_INVALID', /line 2: .*zero bytes/));
  });
});

describe('any file', () => {
  it('is known by its start where the ending says nothing', async () => {
    expect(await rowsOf('data', '{"a":1}\n')).toEqual([{ line: 1, value: { a: 1 } }]);
    expect(await rowsOf('data.bak', '[{"a":1}]')).toEqual([{ line: 1, value: { a: 1 } }]);
  });

  it('is refused by name where nothing tells what it is, or it is not there', async () => {
    await expect(rowsOf('data.gz', gzipSync('x'))).rejects.toThrow(failure('FORMAT_UNKNOWN', /data\.gz/));
    using folder = new TemporaryFolder();
    expect(() => readRows(join(folder.path, 'none.jsonl'))).toThrow(failure('FILE_MISSING', /none\.jsonl/));
    expect(() => readRows(folder.path)).toThrow(failure('FORMAT_UNKNOWN', /lathe-data/));
  });
});
