import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyStore, execute, insertRun, type EmptyStore } from '../../test/support/empty-store.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { fillDisk, mountDisk, unmountDisk } from '../../test/support/small-disk.ts';
import { openStore } from './store.ts';

const pageBytes = 4_096;
/** The first byte of a page that holds rows. */
const leafOfTable = 0x0d;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `run-${String(i).padStart(4, '0')}`);

/** A database with so many runs, closed. */
function filled(count: number): EmptyStore {
  const made = emptyStore();
  made.store.transaction(() => names(count).forEach((run) => insertRun(made.store, run)));
  made.store.close();
  return made;
}

describe('salvage', () => {
  it('takes over what is there, and pushes out nothing', () => {
    const [old, fresh] = [filled(20), emptyStore()];
    insertRun(fresh.store, 'run-0003', { name: 'read from its folder' });
    const { rows, torn } = fresh.store.salvage(old.path, keepingLogger());
    expect([rows['runs'], torn]).toEqual([20, []]);
    expect(fresh.store.runs.get('run-0003').name).toBe('read from its folder');
    expect(fresh.store.runs.get('run-0004')).toMatchObject({ state: 'queued', revision: 1 });
  });

  it('comes from both ends to where a table is torn', () => {
    const [old, fresh] = [filled(400), emptyStore()];
    const bytes = readFileSync(old.path);
    for (let at = bytes.indexOf('run-0200'); at >= 0; at = bytes.indexOf('run-0200', at + 1)) {
      const page = at - (at % pageBytes);
      if (bytes[page] === leafOfTable) bytes.fill(0xa5, page, page + 100);
    }
    writeFileSync(old.path, bytes);
    const { rows, torn } = fresh.store.salvage(old.path, keepingLogger());
    expect(torn).toContain('runs');
    expect(rows['runs']).toBeGreaterThan(300);
    expect([fresh.store.runs.find('run-0000')?.run, fresh.store.runs.find('run-0399')?.run]).toEqual(['run-0000', 'run-0399']);
  });

  it('leaves out values that a table does not take', () => {
    const [old, fresh] = [filled(3), emptyStore()];
    execute(old.path, 'CREATE TABLE loose AS SELECT * FROM runs', 'DROP TABLE runs', 'ALTER TABLE loose RENAME TO runs');
    execute(old.path, "UPDATE runs SET priority = 'high' WHERE run = 'run-0001'");
    fresh.store.salvage(old.path, keepingLogger());
    expect(fresh.store.runs.ids()).toEqual(['run-0000', 'run-0002']);
  });

  it('says of what is no database at all that nothing could be read', () => {
    const fresh = emptyStore();
    const path = join(fresh.home, 'old.db');
    writeFileSync(path, 'no database'.repeat(1_000));
    const lines: KeptLine[] = [];
    const { rows } = fresh.store.salvage(path, keepingLogger(lines));
    expect(Object.values(rows).every((count) => count === 0)).toBe(true);
  });
});

describe('a full disk', () => {
  const disk = mountDisk(3);
  afterAll(() => unmountDisk(disk));

  it('is no reason to call rows garbage: nothing is taken over, and it is said', (context) => {
    if (disk === null) return context.skip('no disk can be mounted here');
    const old = filled(800);
    const store = openStore(join(disk, 'lathe.db'), keepingLogger());
    fillDisk(disk, 300_000);
    expect(() => store.salvage(old.path, keepingLogger())).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(store.runs.isEmpty()).toBe(true);
    store.close();
  });
});
