/** A logger that keeps its lines for the test to look at. */
import type { Logger, LogFields } from '../../main/platform/logger.ts';

export interface KeptLine {
  readonly level: string;
  readonly name: string;
  readonly message: string;
  readonly fields: LogFields;
}

export function keepingLogger(lines: KeptLine[] = [], name = '', inherited: LogFields = {}): Logger {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, name, message, fields: { ...inherited, ...fields } });
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (child, fields = {}) => keepingLogger(lines, child, { ...inherited, ...fields }),
  };
}
