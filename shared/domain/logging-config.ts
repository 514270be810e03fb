/** The `logging` block: what goes into the log files of LATHE_HOME. */
import { z } from 'zod';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export const LogLevel = z.enum(logLevels);
export type LogLevel = z.infer<typeof LogLevel>;

export const LoggingConfig = z.strictObject({
  /** In either case: DEBUG or debug. */
  level: z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase().replace(/^warning$/, 'warn') : value), LogLevel),
  format: z.enum(['json', 'text']),
  include_timestamp: z.boolean(),
  include_level: z.boolean(),
});
export type LoggingConfig = z.infer<typeof LoggingConfig>;

export const loggingDefaults: LoggingConfig = { level: 'info', format: 'json', include_timestamp: true, include_level: true };
