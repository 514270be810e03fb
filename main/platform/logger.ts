/**
 * Log files of LATHE_HOME: one a day, rolled at 10 MB, two weeks of them. A message is a fixed sentence, what varies is in
 * its fields. Nothing goes to the terminal from here.
 */
import { join } from 'node:path';
import pino from 'pino';
import { loggingDefaults, type LoggingConfig } from '../../shared/domain/logging-config.ts';
import { redactor } from './redact.ts';
import { openRollingFile } from './rolling-file.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
type Write = (message: string, fields?: LogFields) => void;

export interface Logger {
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
  readonly debug: Write;
  /** The same files under another name, with fields that every line carries. */
  child(name: string, fields?: LogFields): Logger;
}

export interface LogFile {
  readonly log: Logger;
  /** The file being written, or where it would be. */
  readonly path: () => string;
  configure(settings: LoggingConfig, options: { debug: boolean }): void;
}

interface Sink {
  write(line: string): void;
  readonly path: string;
}

/** Opens today's file. A folder that cannot be written costs the log, never the work: `problem` says why there is none. */
export function openLogFile(directory: string): LogFile & { readonly problem: string | null } {
  try {
    return { ...logTo(openRollingFile({ directory, name: 'lathe', maxBytes: 10_000_000, keepDays: 14 })), problem: null };
  } catch (error) {
    return { ...logTo({ write: () => undefined, path: join(directory, '(no log)') }), problem: error instanceof Error ? error.message : String(error) };
  }
}

function logTo(sink: Sink): LogFile {
  const redact = redactor();
  let settings = loggingDefaults;
  const stream = { write: (line: string) => sink.write(redact(shape(line, settings))) };
  const root = pino(
    { level: settings.level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    stream,
  );
  const children: pino.Logger[] = [root];
  const wrap = (logger: pino.Logger): Logger => {
    const write =
      (level: 'error' | 'warn' | 'info' | 'debug'): Write =>
      (message, fields = {}) =>
        logger[level](fields, message);
    return {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      child: (name, fields = {}) => {
        const child = logger.child({ name, ...fields });
        children.push(child);
        return wrap(child);
      },
    };
  };
  return {
    log: wrap(root),
    path: () => sink.path,
    configure: (next, { debug }) => {
      settings = next;
      for (const logger of children) logger.level = debug ? 'debug' : next.level;
    },
  };
}

/** A pino line as the `logging` block wants it: with or without time and level, as JSON or to be read. */
function shape(line: string, { format, include_timestamp, include_level }: LoggingConfig): string {
  if (format === 'json' && include_timestamp && include_level) return line;
  const { time, level, ...rest } = JSON.parse(line) as { time: string; level: string; [field: string]: unknown };
  const kept = { ...(include_level ? { level } : {}), ...(include_timestamp ? { time } : {}), ...rest };
  if (format === 'json') return `${JSON.stringify(kept)}\n`;
  const { msg, name, ...fields } = rest as { msg: string; name?: string; [field: string]: unknown };
  const head = [include_timestamp ? time : undefined, include_level ? level.toUpperCase() : undefined, name === undefined ? undefined : `${name}:`, msg];
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' && !/[\s="]/.test(value) ? value : JSON.stringify(value)}`);
  return `${[...head.filter((part) => part !== undefined), ...facts].join(' ')}\n`;
}
