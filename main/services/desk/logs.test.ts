import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStates, type RunState } from '../../../shared/domain/run-state.ts';
import { settingDefaults } from '../../../shared/domain/settings.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openLogFile } from '../../platform/logger.ts';
import { findPaths } from '../../platform/paths.ts';
import { AboutBook } from './about.ts';
import { Logs } from './logs.ts';

const home = temporaryFolder();
const paths = findPaths({ LATHE_HOME: home });
const { log, path } = openLogFile(paths.logs);
const parts = { paths: { ...paths, models: join(homedir(), 'models') }, logPath: path };
const engine = () => Promise.resolve({ answer: { features: [], isa: 'ref' as const, kernels: [] }, fallen: [] });
const runs = () => ({ ...Object.fromEntries(runStates.map((state) => [state, 0])), done: 7 }) as Record<RunState, number>;
const logs = new Logs({
  ...parts,
  about: new AboutBook({ ...parts, engine, secretKeys: null }),
  settings: () => settingDefaults,
  runs,
  now: () => new Date(0),
});

describe('the log', () => {
  it('is answered with where it is written', () => {
    log.info('began');
    log.child('core').warn('it is late', { ms: 5 });
    expect(logs.tail({ level: 'warn', limit: 10, run: null })).toMatchObject({ path: path(), lines: [{ name: 'core', message: 'it is late' }] });
  });
});

describe('the report', () => {
  it('holds what somebody who helps asks first, and nothing that is nobody’s business', async () => {
    log.child('core').error('cannot read | it', { path: join(homedir(), 'rows.jsonl'), password: 'planted-word' });
    const { text } = await logs.diagnose();
    for (const said of ['# Diagnostic report', '1970-01-01T00:00:00.000Z', process.version, '| done | 7 |', '| max_restarts | 2 |', 'WARN core: it is late'])
      expect(text).toContain(said);
    expect(text).toContain('path=~/rows.jsonl');
    expect(text).not.toContain('planted-word');
    expect(text).not.toContain(homedir() + '/');
    expect(text).not.toContain('began');
  });
});
