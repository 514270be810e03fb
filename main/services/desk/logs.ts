/** What can be asked of this host's log, and the report that is made of it. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { RunState } from '../../../shared/domain/run-state.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { freeDiskBytes } from '../../platform/hardware.ts';
import { readLogTail } from '../../platform/log-tail.ts';
import type { Paths } from '../../platform/paths.ts';
import { redactor } from '../../platform/redact.ts';
import type { AboutBook } from './about.ts';
import { diagnosisText } from './diagnosis.ts';

export interface LogsParts {
  readonly paths: Paths;
  readonly logPath: () => string;
  readonly about: AboutBook;
  readonly settings: () => Settings;
  readonly runs: () => Readonly<Record<RunState, number>>;
  readonly now: () => Date;
}

/** Lines of a report. */
const reportedLines = 40;

export class Logs {
  readonly #parts: LogsParts;

  constructor(parts: LogsParts) {
    this.#parts = parts;
  }

  tail(asked: ParsedInputOf<'host.logs'>): OutputOf<'host.logs'> {
    const { paths, logPath } = this.#parts;
    return { lines: readLogTail(paths.logs, asked), path: logPath() };
  }

  async diagnose(): Promise<OutputOf<'host.diagnose'>> {
    const { paths, about, settings, runs, now } = this.#parts;
    const text = diagnosisText({
      about: await about.about(),
      settings: settings(),
      runs: runs(),
      freeMemoryBytes: process.availableMemory(),
      freeDiskBytes: freeDiskBytes(paths.home),
      lines: readLogTail(paths.logs, { level: 'warn', limit: reportedLines, run: null }),
      at: now(),
    });
    return { text: redactor()(text) };
  }
}
