/** A registry whose process is killed again and again while it registers: no half version, no row without its folder, no folder without its row. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { VersionFilter } from '../../shared/contracts/registry-calls.ts';
import { recoverVersions } from '../../main/services/registry/index-versions.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { testRegistry } from '../support/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const home = temporaryFolder();
mkdirSync(join(home, 'registry', 'support'), { recursive: true });
const script = join(import.meta.dirname, '..', 'support', 'register-forever.ts');

/** Lets it work for so long after it has begun. */
async function killAfter(ms: number): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await pause(ms);
  child.kill('SIGKILL');
  await ended;
}

it('has every version whole after twenty kills', async () => {
  for (let i = 0; i < 20; i += 1) {
    await killAfter(20 + ((i * 37) % 120));
    const { registry, store, paths } = testRegistry(home);
    recoverVersions({ store, folder: paths.registry, log: keepingLogger() });
    const { versions } = registry.list(VersionFilter.parse({ limit: 1_000 }));
    const folders = readdirSync(join(paths.registry, 'support')).filter((name) => name !== 'tags.yaml');
    expect(folders.sort()).toEqual(versions.map(({ version }) => version).sort());
    for (const { name, version } of versions) expect(await registry.verify({ name, version })).toMatchObject({ artifacts: 3, changed: [] });
    const { tags } = registry.history({ name: 'support', tag: null });
    // A first version whose folder was there before its row comes back as a find, without the tag that nobody was told of.
    if (tags['newest'] !== undefined) expect(folders).toContain(tags['newest']);
    expect(store.audit.verify().broken).toBeNull();
    store.close();
  }
}, 300_000);
