/** What a core is opened with where nothing is trained: there is no engine. */
import { findPaths } from '../../main/platform/paths.ts';
import { composeCore, type Core } from '../../main/core/core.ts';
import { thisUser } from '../../main/core/this-user.ts';
import type { OpenParts } from '../../main/core/open-core.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';

export const quietParts = (home: string, lines: KeptLine[] = []): OpenParts => ({
  paths: findPaths({ LATHE_HOME: home }),
  log: keepingLogger(lines),
  logPath: () => '/the.log',
  compute: {
    supervisor: undefined as never,
    engine: () => Promise.reject(new Error('there is no engine here')),
    power: { isKnown: false, read: () => 'mains' },
  },
  kind: 'command',
  listens: true,
});

/** A core without doors. */
export const quietCore = (home: string, lines: KeptLine[] = []): Core => composeCore({ ...quietParts(home, lines), self: thisUser().actor });
export { thisUser as quietUser } from '../../main/core/this-user.ts';
