/** Builds the services with which a page finds its way. */
import type { DeskServices } from '../ipc/desk-handlers.ts';
import type { Paths } from '../platform/paths.ts';
import type { ComputeJobs } from '../services/compute-jobs.ts';
import { AboutBook } from '../services/desk/about.ts';
import { LookIns } from '../services/desk/look-ins.ts';
import type { Shelves } from '../services/shelves.ts';

export interface DeskParts {
  readonly paths: Paths;
  readonly logPath: () => string;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
}

export function composeDesk({ paths, logPath, shelves, compute }: DeskParts): DeskServices {
  return { about: new AboutBook({ paths, logPath, engine: () => compute.engine() }), lookIns: new LookIns({ paths, shelves, compute }) };
}
