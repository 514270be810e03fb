/** The wish that a run becomes a version, kept in its folder: lathe.db is an index, and the wish is not to be lost with it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runFiles } from '../../../shared/domain/run-record.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import type { Logger } from '../../platform/logger.ts';
import { PlannedVersion } from '../../store/planned-version-rows.ts';
import type { Store } from '../../store/store.ts';

const PlanFile = PlannedVersion.omit({ run: true });
const pathIn = (dir: string): string => join(dir, runFiles.plannedVersion);

export function writePlanFile(dir: string, { words, actor }: PlannedVersion): void {
  writeFileAtomically(pathIn(dir), stringify({ words, actor }, { lineWidth: 0 }));
}

export const removePlanFile = (dir: string): void => rmSync(pathIn(dir), { force: true });

/** Takes over what only folders know of: after the database was lost. What the store knows already, or has made a version of, stays as it is. */
export function indexPlans(store: Store, log: Logger): void {
  for (const run of store.runs.ids()) {
    const { dir } = store.runs.get(run);
    if (!existsSync(pathIn(dir)) || store.planned.find(run) !== null) continue;
    try {
      const plan = PlanFile.parse(parse(readFileSync(pathIn(dir), 'utf8')));
      if (!store.versions.ofRun(run).some(({ name }) => name === plan.words.name)) store.planned.put({ run, ...plan });
    } catch (error) {
      log.warn('what a run shall become cannot be read', { path: pathIn(dir), problem: error instanceof Error ? error.message : String(error) });
    }
  }
}
