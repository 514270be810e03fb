/** Backup, restore and repair through the command line: what was trained survives the loss of the database and of the whole home. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, LatheCli, waitFor, type CliEnd } from '../support/lathe-cli.ts';
import { smallHome } from '../support/small-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const backups = join(folder, 'backups');
const lathe = (args: readonly string[], at = home): Promise<CliEnd> => new LatheCli([...args, '--json'], { env: { LATHE_HOME: at } }).ended;
/** Without the count of their changes, which reading them in again raises. */
const runsOf = async (at = home): Promise<unknown> =>
  (eventsOf(await lathe(['run', 'list'], at), 'done')[0]?.['runs'] as { revision: number }[]).map(({ revision: _, ...run }) => run);

describe('backup, restore and repair', { timeout: 120_000 }, () => {
  beforeAll(() => void smallHome(home));

  it('bring everything back after the home is lost', async () => {
    const before = await runsOf();
    const made = await lathe(['backup', backups]);
    expect(made, made.stderr).toMatchObject({ code: 0, events: [{ event: 'done', new_files: 8 }] });
    const again = await lathe(['backup', backups]);
    // The database, whose audit log tells of the first one, and audit.head.
    expect(again.events).toMatchObject([{ event: 'done', new_files: 2 }]);
    rmSync(home, { recursive: true });
    const restored = await lathe(['restore', backups]);
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    expect(await runsOf()).toEqual(before);
  });

  it('leave a living host alone', async () => {
    const host = new LatheCli(['serve'], { env: { LATHE_HOME: home } });
    expect(await waitFor(() => existsSync(join(home, 'host.json')), 30_000)).toBe(true);
    for (const args of [['restore', backups], ['repair']]) {
      const end = await lathe(args);
      expect(end).toMatchObject({ code: 2, events: [{ event: 'error', code: 'HOME_OWNED' }] });
    }
    const through = await lathe(['backup', backups]);
    expect(through, through.stderr).toMatchObject({ code: 0 });
    host.signal('SIGTERM');
    await host.ended;
  });

  it('name both remedies where the database is damaged, and each of them works', async () => {
    const before = await runsOf();
    truncateSync(join(home, 'lathe.db'), 9_000);
    const refused = await lathe(['run', 'list']);
    expect(refused).toMatchObject({ code: 3, events: [{ event: 'error', code: 'STORE_DAMAGED' }] });
    expect(refused.stderr).toMatch(/lathe restore.*lathe repair/);
    expect(await lathe(['repair'])).toMatchObject({ code: 0, events: [{ event: 'done', database: 'damaged' }] });
    expect(await runsOf()).toEqual(before);
    truncateSync(join(home, 'lathe.db'), 9_000);
    expect(await lathe(['restore', backups])).toMatchObject({ code: 0 });
    expect(await runsOf()).toEqual(before);
  });

  it('leave an audit log that can be checked, and settings that hold', async () => {
    expect(await lathe(['audit', 'verify'])).toMatchObject({ code: 0, events: [{ event: 'done' }] });
    expect(await lathe(['settings', 'set', 'max_restarts', '7'])).toMatchObject({ code: 0 });
    expect((await lathe(['settings', 'list'])).events).toMatchObject([{ values: { max_restarts: 7, resume_interrupted: false } }]);
    expect((await lathe(['audit', 'list', '--limit', '1'])).events).toMatchObject([{ entries: [{ action: 'settings.set', subject: 'setting max_restarts' }] }]);
    const wrong = await lathe(['settings', 'set', 'max_restarts', 'lots']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/^lathe: max_restarts .*\. .+/)]);
    const unknown = await lathe(['settings', 'get', 'colour']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('max_restarts')]);
    // A host that is opened once more must find its head in the log; a database put in its place from elsewhere does not hold it.
    const other = smallHome(join(folder, 'other'), { auditRows: 3 });
    copyFileSync(other.database, join(home, 'lathe.db'));
    const broken = await lathe(['audit', 'verify']);
    expect(broken).toMatchObject({ code: 5, events: [{ event: 'error', code: 'AUDIT_BROKEN' }] });
    expect(await lathe(['restore', backups, '--force'])).toMatchObject({ code: 0 });
    expect(await lathe(['audit', 'verify'])).toMatchObject({ code: 0 });
  });

  it('killed at any moment, a backup leaves the ones before, and nothing that looks whole', async () => {
    const finished = (): readonly string[] => readdirSync(backups).filter((name) => name.startsWith('backup-'));
    const count = finished().length;
    for (let part = 0; part < 4; part += 1) {
      const cli = new LatheCli(['backup', backups], { env: { LATHE_HOME: home } });
      await waitFor(() => readdirSync(backups).some((name) => name.startsWith('.making')), 30_000);
      cli.signal('SIGKILL');
      await cli.ended;
      for (const name of finished()) expect(() => JSON.parse(readFileSync(join(backups, name), 'utf8')) as unknown).not.toThrow();
    }
    const fresh = join(folder, 'fresh');
    expect(await lathe(['restore', backups], fresh)).toMatchObject({ code: 0 });
    expect(await runsOf(fresh)).toHaveLength(3);
    expect(await lathe(['backup', backups])).toMatchObject({ code: 0 });
    expect(finished().length).toBeGreaterThan(count);
    expect(readdirSync(backups).filter((name) => name.startsWith('.making'))).toEqual([]);
  });
});

describe('sync', () => {
  it('says that there is no connection, and that nothing waits', async () => {
    expect((await lathe(['sync', '--status'])).events).toMatchObject([{ event: 'done', connected: false, pending: 0, parked: 0 }]);
    expect(await lathe(['sync'])).toMatchObject({ code: 2, events: [{ event: 'error', code: 'SYNC_NOT_CONNECTED' }] });
  });
});
