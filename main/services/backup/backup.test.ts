import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { fillDisk, mountDisk, unmountDisk } from '../../../test/support/small-disk.ts';
import { addRunFolder, smallHome, testActor, type SmallHome } from '../../../test/support/small-home.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { findPaths } from '../../platform/paths.ts';
import { openStore, type Store } from '../../store/store.ts';
import { BackupFolder } from './backup-folder.ts';
import { openBackup } from './open-backup.ts';
import { makeBackup } from './make-backup.ts';
import { restoreHome } from './restore-home.ts';
import type { RestoredHome } from './restore-result.ts';
import { TarBackup } from './tar-backup.ts';

const folder = temporaryFolder();
let number = 0;
let home: SmallHome;
let to: string;
beforeEach(() => {
  number += 1;
  home = smallHome(join(folder, `home-${number}`));
  to = join(folder, `backup-${number}`);
});

async function backUp(options: { checkpoints?: boolean; to?: string; now?: Date } = {}) {
  const store = home.open();
  try {
    const parts = { home: home.paths.home, store, now: () => options.now ?? new Date('2026-02-03T04:05:06Z') };
    return await makeBackup(parts, { to: options.to ?? to, checkpoints: options.checkpoints ?? false });
  } finally {
    store.close();
  }
}

const restoreTo = (into: string, { force = false, backup = to } = {}): Promise<RestoredHome> =>
  restoreHome({ paths: findPaths({ LATHE_HOME: into }), log: keepingLogger(), actor: testActor, backup, force, now: new Date('2026-03-01T00:00:00Z') });

const smallStore = (place: string): Store => openStore(join(place, 'lathe.db'), keepingLogger());
const adapterOf = (place: string, run: string): string => readFileSync(join(place, 'runs', run, 'adapter', 'adapter_model.safetensors'), 'utf8');

describe('a backup', () => {
  it('comes back whole in an empty home: every file, every row, and the audit log tells of it', async () => {
    mkdirSync(home.paths.models, { recursive: true });
    symlinkSync('/somewhere/model', join(home.paths.models, 'linked'));
    const { files, outside } = await backUp();
    expect([files, outside]).toEqual([10, []]);
    const into = join(folder, `into-${number}`);
    expect(await restoreTo(into)).toMatchObject({ files: 9, unchanged: 0, old_database: null, replaced: null, added: [] });
    expect(adapterOf(into, 'r1')).toBe(adapterOf(home.paths.home, 'r1'));
    expect(readdirSync(join(into, 'models'))).toEqual(['linked']);
    expect(existsSync(join(into, 'runs', 'r1', 'checkpoints'))).toBe(false);
    const store = smallStore(into);
    expect(store.runs.ids().map((run) => store.runs.get(run).dir)).toEqual(['r0', 'r1', 'r2'].map((run) => join(into, 'runs', run)));
    expect(store.runs.metrics('r1', 0, 100).steps.step).toHaveLength(9);
    expect(store.audit.verify()).toEqual({ rows: 41, broken: null });
    expect(store.audit.list({ limit: 1, before: null })).toMatchObject([{ action: 'store.restore', actor: testActor }]);
    store.close();
  });

  it('tells where the adapter of a run lies that was made in the home of the backup', async () => {
    const [store, dir] = [home.open(), join(home.paths.runs, 'r1')];
    const { result } = store.runs.get('r1');
    if (result === null) throw new Error('it has no result');
    store.runs.update('r1', { result: { ...result, adapter: join(dir, 'adapter') } });
    store.close();
    await backUp();
    const into = join(folder, `into-${number}`);
    await restoreTo(into);
    const restored = smallStore(into);
    expect(restored.runs.get('r1').result?.adapter).toBe(join(into, 'runs', 'r1', 'adapter'));
    expect(restored.runs.get('r2').result?.adapter).toBe('/a');
    restored.close();
  });

  it('copies only what is new the second time, and both can be brought back', async () => {
    const first = await backUp({ checkpoints: true });
    expect(first.files).toBe(13);
    addRunFolder(home.paths, 'r9');
    const second = await backUp({ now: new Date('2026-02-04T00:00:00Z') });
    // Record and weights; its events are those of the others, checkpoints and database are as before.
    expect(second).toMatchObject({ files: 13, new_files: 2 });
    expect(openBackup(to).path).toBe(second.manifest);
    const [older, newer] = [join(folder, `older-${number}`), join(folder, `newer-${number}`)];
    await restoreTo(older, { backup: first.manifest });
    await restoreTo(newer);
    expect([existsSync(join(older, 'runs', 'r9')), existsSync(join(newer, 'runs', 'r9'))]).toEqual([false, true]);
  });

  it('is made while others write, and is one moment of them', async () => {
    const store = home.open();
    const parts = { home: home.paths.home, store, now: () => new Date() };
    const append = (i: number): void =>
      store.transaction(() => [1, 2].forEach((half) => store.audit.append({ actor: testActor, action: 'a', subject: `${i}.${half}` }, new Date())));
    let i = 0;
    const timer = setInterval(() => append((i += 1)), 0);
    await makeBackup(parts, { to, checkpoints: false });
    clearInterval(timer);
    store.close();
    const into = join(folder, `into-${number}`);
    await restoreTo(into);
    const restored = smallStore(into);
    const { rows, broken } = restored.audit.verify();
    restored.close();
    // 40 to begin with, pairs, and the row about restoring.
    expect([broken, rows % 2]).toEqual([null, 1]);
  });

  it('that was cut off anywhere leaves nothing that looks whole, and the next one clears up', async () => {
    await backUp();
    const names = (): string[] => readdirSync(to).filter((name) => name !== 'objects');
    mkdirSync(join(to, '.making-1'));
    writeFileSync(join(to, '.making-1', '3'), 'half a file');
    expect(openBackup(to).manifest.files).toHaveLength(9);
    await backUp({ now: new Date('2026-02-04T00:00:00Z') });
    expect(names()).toEqual(['backup-20260203T040506Z.json', 'backup-20260204T000000Z.json']);
  });

  it('is refused where it would lie in the home, or among other things', async () => {
    await expect(backUp({ to: join(home.paths.home, 'backups') })).rejects.toMatchObject({ code: 'BACKUP_PLACE' });
    mkdirSync(to);
    writeFileSync(join(to, 'letter.txt'), '');
    await expect(backUp()).rejects.toMatchObject({ code: 'BACKUP_PLACE' });
    expect(readdirSync(to)).toEqual(['letter.txt']);
    const file = join(to, 'letter.txt');
    await expect(backUp({ to: file })).rejects.toMatchObject({ code: 'BACKUP_PLACE', message: expect.stringContaining('there is a file') });
  });
});

describe('restoring', () => {
  it('refuses a home with a sound database; with force it keeps everything aside', async () => {
    await backUp();
    const run = join(home.paths.runs, 'r1', 'events.jsonl');
    writeFileSync(run, `${readFileSync(run, 'utf8')}\n`);
    await expect(restoreTo(home.paths.home)).rejects.toMatchObject({ code: 'HOME_NOT_EMPTY' });
    addRunFolder(home.paths, 'r9');
    const { old_database: old, replaced, unchanged, added } = await restoreTo(home.paths.home, { force: true });
    expect([unchanged, added]).toEqual([8, ['r9']]);
    expect(readFileSync(join(replaced ?? '', 'runs', 'r1', 'events.jsonl'), 'utf8')).toMatch(/\n\n$/);
    expect(statSync(old ?? '').size).toBeGreaterThan(0);
  });

  it('takes the place of a damaged database without being forced', async () => {
    await backUp();
    truncateSync(home.database, 5_000);
    expect(await restoreTo(home.paths.home)).toMatchObject({ unchanged: 9, old_database: `${home.database}.replaced-20260301T000000Z` });
  });

  it.each([
    ['a changed file', (object: string) => writeFileSync(object, 'x'.repeat(statSync(object).size))],
    ['a missing file', (object: string) => rmSync(object)],
  ])('finds %s before anything is touched', async (_, damage) => {
    await backUp();
    const { manifest } = openBackup(to);
    damage(new BackupFolder(to).objectPath(manifest.files.find(({ path }) => path.endsWith('r2/run.yaml'))?.sha256 ?? ''));
    const into = join(folder, `into-${number}`);
    await expect(restoreTo(into)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED', message: expect.stringContaining('r2/run.yaml') });
    expect(existsSync(into)).toBe(false);
  });

  it.each([
    ['a path that leads out', (text: string) => text.replaceAll('"runs/r1/run.yaml"', '"runs/../../run.yaml"')],
    ['an entry taken out', (text: string) => text.replace(/\{\s+"path": "runs\/r1\/run.yaml",[^}]+\},/, '')],
    ['no JSON', (text: string) => text.slice(0, -20)],
  ])('refuses a manifest with %s', async (_, change) => {
    const { manifest } = await backUp();
    const text = readFileSync(manifest, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(manifest, change(text));
    await expect(restoreTo(join(folder, `into-${number}`))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  });

  it('says where there is no backup', async () => {
    await expect(restoreTo(join(folder, 'x'), { backup: join(folder, 'none') })).rejects.toMatchObject({ code: 'BACKUP_NONE' });
  });
});

describe('a backup of one file', () => {
  const tar = (): string => `${to}.tar`;

  it('comes back whole, also what has a long name, and does not take the place of anything', async () => {
    const long = join('datasets', 'd'.repeat(120), 'e'.repeat(120), `${'f'.repeat(200)}.jsonl`);
    mkdirSync(dirname(join(home.paths.home, long)), { recursive: true });
    writeFileSync(join(home.paths.home, long), 'ä\n'.repeat(700));
    const { manifest, files, new_files: fresh } = await backUp({ to: tar(), checkpoints: true });
    expect([manifest, files, fresh, readdirSync(folder).filter((name) => name.startsWith('.'))]).toEqual([tar(), 14, 14, []]);
    const listed = execFileSync('tar', ['-tf', tar()], { encoding: 'utf8' }).trimEnd().split('\n');
    expect([listed.length, listed.at(-1), listed.includes(long)]).toEqual([15, 'backup.json', true]);
    const into = join(folder, `into-${number}`);
    expect(await restoreTo(into, { backup: tar() })).toMatchObject({ files: 13, added: [] });
    expect(readFileSync(join(into, long), 'utf8')).toBe('ä\n'.repeat(700));
    expect(adapterOf(into, 'r2')).toBe(adapterOf(home.paths.home, 'r2'));
    await expect(backUp({ to: tar() })).rejects.toMatchObject({ code: 'BACKUP_PLACE', message: expect.stringContaining('a file of that name') });
  });

  it.each([
    ['a changed byte', 'r1/run.yaml is not what was backed up', (bytes: Buffer) => bytes.fill(0x23, bytes.indexOf('run: r1'), bytes.indexOf('run: r1') + 1)],
    ['a changed header', 'no sound tar at byte 0', (bytes: Buffer) => bytes.fill(0x23, 0, 4)],
    ['its end cut off', 'it was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1_500)],
    ['half of it', 'it was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ])('with %s is refused before anything is touched', async (_, says, damage) => {
    await backUp({ to: tar() });
    writeFileSync(tar(), damage(readFileSync(tar())));
    const into = join(folder, `into-${number}`);
    await expect(restoreTo(into, { backup: tar() })).rejects.toMatchObject({ code: 'BACKUP_DAMAGED', message: expect.stringContaining(says) });
    expect(existsSync(into)).toBe(false);
  });

  it('takes a file that changes under its hands as it is at one moment', async () => {
    const grows = join(home.paths.runs, 'r0', 'events.jsonl');
    const target = new TarBackup(tar());
    target.begin();
    const before = readFileSync(grows);
    const put = target.put({ name: 'runs/r0/events.jsonl', source: grows });
    appendFileSync(grows, 'more\n'.repeat(1_000));
    expect(await put).toMatchObject({ bytes: before.length });
    truncateSync(grows, 10);
    await expect(target.put({ name: 'gone', source: join(folder, 'gone') })).rejects.toThrow(/ENOENT/);
    expect(await target.put({ name: 'runs/r0/events.jsonl', source: grows })).toMatchObject({ bytes: 10 });
    target.end();
    expect(existsSync(tar())).toBe(false);
  });

  it('clears away what one that was killed left behind', async () => {
    new TarBackup(tar()).begin();
    expect(readdirSync(folder).some((name) => name.endsWith('.lathe-tmp'))).toBe(true);
    await backUp({ to: tar() });
    expect(readdirSync(folder).some((name) => name.endsWith('.lathe-tmp'))).toBe(false);
  });
});

describe('a full disk', () => {
  const disk = mountDisk(4);
  afterAll(() => unmountDisk(disk));
  beforeEach(() => {
    for (const name of disk === null ? [] : readdirSync(disk)) rmSync(join(disk ?? '', name), { recursive: true });
  });

  it.for(['b', 'b.tar'])('is seen before anything is written to %s: how much there is, and how much is needed', async (name, context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    fillDisk(disk, 8_192);
    const refused = backUp({ to: join(disk, name) });
    await expect(refused).rejects.toMatchObject({
      code: 'NO_ROOM',
      facts: { path: join(disk, name), haveBytes: expect.any(String), needBytes: expect.any(String) },
    });
    expect(readdirSync(disk)).toEqual(['filler']);
  });

  it('is seen before a restore too, and leaves the home as it was', async (context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    await backUp();
    fillDisk(disk, 8_192);
    await expect(restoreTo(join(disk, 'home'))).rejects.toMatchObject({ code: 'NO_ROOM' });
    expect(readdirSync(disk)).toEqual(['filler']);
  });

  it.for(['b', 'b.tar'])('that fills up on the way costs the new backup %s and not the one before', async (name, context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    await backUp({ to: join(disk, 'b') });
    addRunFolder(home.paths, 'r9');
    const store = home.open();
    // All files are there by now, and the database comes.
    const filling = Object.assign(Object.create(store) as Store, {
      backup: (path: string) => {
        fillDisk(disk, 8_192);
        return store.backup(path);
      },
    });
    const parts = { home: home.paths.home, store: filling, now: () => new Date('2026-02-04T00:00:00Z') };
    await expect(makeBackup(parts, { to: join(disk, name), checkpoints: false })).rejects.toMatchObject({ code: 'DISK_FULL' });
    store.close();
    rmSync(join(disk, 'filler'));
    expect(readdirSync(disk)).toEqual(['b']);
    expect(readdirSync(join(disk, 'b')).toSorted()).toEqual(['backup-20260203T040506Z.json', 'objects']);
    await restoreTo(join(folder, `into-${number}`), { backup: join(disk, 'b') });
  });
});
