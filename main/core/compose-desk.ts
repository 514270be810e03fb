/** Builds the services with which a page finds its way. */
import type { DeskServices } from '../ipc/desk-handlers.ts';
import type { Paths } from '../platform/paths.ts';
import { projectFiles } from '../platform/project-files.ts';
import type { ComputeJobs } from '../services/compute-jobs.ts';
import { AboutBook } from '../services/desk/about.ts';
import { HelpPages } from '../services/desk/help-pages.ts';
import { Logs } from '../services/desk/logs.ts';
import { LookIns } from '../services/desk/look-ins.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';

export interface DeskParts {
  readonly paths: Paths;
  readonly logPath: () => string;
  readonly store: Store;
  readonly settings: SettingsBook;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
  readonly now: () => Date;
}

export function composeDesk({ paths, logPath, store, settings, shelves, compute, now }: DeskParts): DeskServices {
  const about = new AboutBook({ paths, logPath, engine: () => compute.engine() });
  const logs = new Logs({ paths, logPath, about, settings: () => settings.values, runs: () => store.runs.countByState(), now });
  return { about, logs, help: new HelpPages(projectFiles.docs), lookIns: new LookIns({ paths, shelves, compute }) };
}
