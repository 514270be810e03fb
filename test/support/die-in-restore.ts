/** Restores a backup and dies on the way: `node die-in-restore.ts HOME BACKUP CALL`. */
import { dieAt } from './die-at.ts';

const [home = '', backup = '', call = ''] = process.argv.slice(2);
dieAt(Number(call));
const { findPaths } = await import('../../main/platform/paths.ts');
const { restoreHome } = await import('../../main/services/backup/restore-home.ts');
const { keepingLogger } = await import('./keeping-logger.ts');
const { testActor } = await import('./small-home.ts');
await restoreHome({
  paths: findPaths({ LATHE_HOME: home }),
  log: keepingLogger(),
  actor: testActor,
  backup,
  force: true,
  now: new Date('2026-03-01T00:00:00Z'),
});
