/** The newest lines of the log files, read from their ends: what was asked for is found without reading all of them. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ShownLogLine } from '../../shared/contracts/desk-calls.ts';
import { LogLevel, logLevels } from '../../shared/domain/logging-config.ts';

const chunkBytes = 256 * 1024;
/** Read at most, however few lines are asked for that are how seldom. */
const mostBytes = 16 * 1024 * 1024;

const Plain = ShownLogLine.shape.fields.valueType;

export interface TailOptions {
  /** This level and graver ones. */
  readonly level: LogLevel;
  readonly limit: number;
  /** Only what carries this run's id. */
  readonly run: string | null;
}

/** In the order in which they were written. A folder that is not there holds none. */
export function readLogTail(directory: string, { level, limit, run }: TailOptions): ShownLogLine[] {
  const wanted: ReadonlySet<string> = new Set(logLevels.slice(0, logLevels.indexOf(level) + 1));
  const found: ShownLogLine[] = [];
  const budget = { bytes: mostBytes };
  for (const name of newestFirst(directory))
    for (const text of linesBackwards(join(directory, name), budget)) {
      if (found.length >= limit) return found.reverse();
      const line = isOf(text, run) ? parseLine(text, wanted) : null;
      if (line !== null && (run === null || isAbout(line, run))) found.push(line);
    }
  return found.reverse();
}

const isOf = (text: string, run: string | null): boolean => run === null || text.includes(run);

/** A run's own lines, and those of the process that planned it. */
function isAbout({ fields }: ShownLogLine, run: string): boolean {
  const { correlation } = fields;
  return fields['run'] === run || correlation === run || (typeof correlation === 'string' && correlation.startsWith(`${run} `));
}

/** `lathe-2026-01-31.log`, then `lathe-2026-01-31.1.log`. */
function newestFirst(directory: string): readonly string[] {
  const pattern = /^lathe-(\d{4}-\d{2}-\d{2})(?:\.(\d+))?\.log$/;
  const named = namesIn(directory).flatMap((name) => {
    const [, day, part = '0'] = pattern.exec(name) ?? [];
    return day === undefined ? [] : [{ name, day, part: Number(part) }];
  });
  return named.toSorted((a, b) => (a.day === b.day ? b.part - a.part : a.day < b.day ? 1 : -1)).map(({ name }) => name);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function* linesBackwards(path: string, budget: { bytes: number }): Generator<string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Removed meanwhile, as old ones are.
    return;
  }
  try {
    let at = fstatSync(file).size;
    let rest = Buffer.alloc(0);
    while (at > 0 && budget.bytes > 0) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, at));
      at -= chunk.length;
      budget.bytes -= chunk.length;
      readSync(file, chunk, 0, chunk.length, at);
      rest = Buffer.concat([chunk, rest]);
      // The first line of what was read may begin before it.
      const begin = at === 0 ? 0 : rest.indexOf(10) + 1;
      if (at > 0 && begin === 0) continue;
      const lines = rest.subarray(begin).toString('utf8').split('\n');
      rest = rest.subarray(0, begin);
      for (const line of lines.reverse()) if (line !== '') yield line;
    }
  } finally {
    closeSync(file);
  }
}

const Written = z.looseObject({ time: z.string().optional(), level: LogLevel.optional(), name: z.string().optional(), msg: z.string() });

/** null: of another level. A line as text, or one that a full disk cut off, is shown as it stands. */
function parseLine(text: string, wanted: ReadonlySet<string>): ShownLogLine | null {
  const named = /"level":"(\w+)"/.exec(text)?.[1];
  if (named !== undefined && !wanted.has(named)) return null;
  const parsed = Written.safeParse(jsonOf(text));
  if (!parsed.success) return textLine(text, wanted);
  const { time = null, level = 'info', name = '', msg, ...rest } = parsed.data;
  const fields = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, Plain.safeParse(value).data ?? JSON.stringify(value)]));
  return wanted.has(level) ? { time, level, name, message: msg, fields } : null;
}

function textLine(text: string, wanted: ReadonlySet<string>): ShownLogLine | null {
  const [, time = null, word = 'INFO', message = text] = /^(?:(\d{4}-\d\d-\d\dT\S+) )?(?:(ERROR|WARN|INFO|DEBUG) )?(.*)$/s.exec(text) ?? [];
  const level = LogLevel.parse(word.toLowerCase());
  return wanted.has(level) ? { time, level, name: '', message, fields: {} } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
