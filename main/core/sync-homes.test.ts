/** Whole cores of two or three laptops over a HANA in memory: what one makes the others see, and what both change is settled by people. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownFolder } from '../../test/support/empty-store.ts';
import { MemoryHana } from '../../test/support/memory-hana.ts';
import { syncHome, type SyncHome } from '../../test/support/sync-homes.ts';

let hana: MemoryHana;
let folder: string;
const home = (user: string, artifacts?: string): SyncHome =>
  syncHome({ folder: join(folder, user), user, open: () => Promise.resolve(hana.open()), ...(artifacts === undefined ? {} : { artifacts }) });

beforeEach(() => {
  hana = new MemoryHana();
});

async function two(): Promise<readonly [SyncHome, SyncHome]> {
  folder = ownFolder();
  const [ann, bob] = [home('ann'), home('bob')];
  await ann.sync();
  await bob.sync();
  return [ann, bob];
}
const get = (of: SyncHome, version: string) => of.call('registry.get', { name: 'support', version });
async function inTurn(...homes: readonly SyncHome[]): Promise<void> {
  for (const each of [...homes, ...homes]) await each.sync();
}

describe('a version of a colleague', () => {
  it('appears with its words, states and tags, and can be looked at, compared, tagged and approved', async () => {
    const [ann, bob] = await two();
    await ann.register('support', { description: 'the first', tags: ['tried'], metadata: { team: 'one' } });
    await inTurn(ann, bob);
    const there = await get(bob, 'tried');
    expect(there).toMatchObject({ version: '1.0.0', state: 'draft', description: 'the first', tags: ['tried'] });
    expect(there.record).toMatchObject({ metadata: { team: 'one' }, created_by: { user: 'ann' }, origin: 'run', run: 'ann-0', base_model: { path: null } });
    await bob.register('support', { description: 'the second' });
    expect(
      (await bob.call('registry.compare', { model1: { name: 'support', version: '1.0.0' }, model2: { name: 'support', version: '1.0.1' } })).differences,
    ).not.toEqual([]);
    await bob.call('registry.tag', { name: 'support', version: '1.0.0', tag: 'production', reason: 'it is good' });
    await bob.call('registry.setState', { name: 'support', version: '1.0.0', state: 'candidate' });
    // Its files are not here, so nobody answers for it here.
    expect(await bob.refused('registry.setState', { name: 'support', version: '1.0.0', state: 'approved', reason: 'seen' })).toBe('ARTIFACT_ELSEWHERE');
    expect(await bob.refused('registry.export', { name: 'support', version: '1.0.0', dir: join(folder, 'out') })).toBe('ARTIFACT_ELSEWHERE');
    await inTurn(bob, ann);
    await ann.call('registry.setState', { name: 'support', version: '1.0.0', state: 'approved', reason: 'measured' });
    await inTurn(ann, bob);
    const both = [await get(ann, 'production'), await get(bob, 'production')];
    for (const each of both) {
      expect([each.state, each.tags]).toEqual(['approved', ['production', 'tried']]);
      expect(each.states.map(({ state, actor }) => `${state} ${actor.user}`)).toEqual(['draft ann', 'candidate bob', 'approved ann']);
    }
    expect(await bob.call('registry.history', { name: 'support', tag: 'production' })).toMatchObject({
      history: [{ actor: { user: 'bob' }, reason: 'it is good' }],
    });
    expect((await ann.call('registry.history', { name: 'support', tag: 'production' })).history).toEqual(
      (await bob.call('registry.history', { name: 'support', tag: 'production' })).history,
    );
    expect((await bob.call('sync.status', {})).pending).toBe(0);
    // Its folder explains itself: who loses the database has it all the same.
    expect(readFileSync(join(both[1]?.dir ?? '', 'version.yaml'), 'utf8')).toContain('approved');
    expect((await bob.call('registry.card', { name: 'support', version: '1.0.0' })).markdown).toContain('support@1.0.0');
  });

  it('that is taken away there is gone here, its files aside', async () => {
    const [ann, bob] = await two();
    await ann.register('support', { tags: ['tried'] });
    await inTurn(ann, bob);
    await bob.call('registry.remove', { name: 'support', version: '1.0.0' });
    await inTurn(bob, ann);
    expect(await ann.refused('registry.get', { name: 'support' })).toBe('VERSION_UNKNOWN');
    const [aside = ''] = readdirSync(join(ann.paths.home, 'registry-aside'));
    expect(aside).toMatch(/^support@1\.0\.0\.20/);
    expect(existsSync(join(ann.paths.home, 'registry-aside', aside, 'adapter', 'adapter_model.safetensors'))).toBe(true);
    expect(await ann.call('registry.history', { name: 'support' })).toMatchObject({ tags: {} });
  });

  it('sends nothing where nothing changed', async () => {
    const [ann, bob] = await two();
    await ann.register('support');
    await inTurn(ann, bob);
    hana.statements = 0;
    expect(await ann.sync()).toMatchObject({ sent: 0, read: 0 });
    expect(hana.statements).toBeLessThanOrEqual(2);
    const operations = hana.all("SELECT count(*) AS c FROM LATHE_SYNC_OPS WHERE ENTITY = 'version'")[0]?.['c'];
    expect(operations).toBe(1);
  });
});

describe('what both change', () => {
  it('goes together where it does not touch', async () => {
    const [ann, bob] = await two();
    await ann.register('support', { metadata: { a: 1 } });
    await inTurn(ann, bob);
    await ann.call('registry.update', { name: 'support', description: 'by ann' });
    await bob.call('registry.update', { name: 'support', metadata: { a: 1, b: 2 } });
    await bob.call('registry.setState', { name: 'support', version: 'latest', state: 'candidate' });
    await inTurn(ann, bob);
    for (const each of [ann, bob])
      expect(await get(each, 'latest')).toMatchObject({ description: 'by ann', state: 'candidate', record: { metadata: { a: 1, b: 2 } } });
    expect((await bob.call('sync.conflicts', {})).conflicts).toEqual([]);
  });

  it('is a conflict else: the first stays, both see both sides, and one of them settles it', async () => {
    const [ann, bob] = await two();
    await ann.register('support');
    await inTurn(ann, bob);
    await ann.call('registry.update', { name: 'support', description: 'by ann' });
    await bob.call('registry.update', { name: 'support', description: 'by bob' });
    await inTurn(ann, bob);
    for (const each of [ann, bob]) expect(await get(each, 'latest')).toMatchObject({ description: 'by ann' });
    const [found] = (await ann.call('sync.conflicts', {})).conflicts;
    expect(found).toMatchObject({ entity: 'version', id: 'support@1.0.0', kind: 'edit', clashes: ['description'], is_ours: false, state: 'open' });
    expect([found?.mine.payload?.['description'], found?.theirs.payload?.['description']]).toEqual(['by bob', 'by ann']);
    const conflict = found?.conflict ?? '';
    expect(await ann.refused('sync.settle', { conflict, keep: 'both' })).toBe('SYNC_ONE_ONLY');
    await ann.call('sync.settle', { conflict, keep: 'mine' });
    expect(await get(ann, 'latest')).toMatchObject({ description: 'by bob' });
    await inTurn(ann, bob);
    expect(await get(bob, 'latest')).toMatchObject({ description: 'by bob' });
    for (const each of [ann, bob]) expect((await each.call('sync.conflicts', {})).conflicts).toEqual([]);
    expect((await bob.call('sync.conflicts', { state: 'settled' })).conflicts).toMatchObject([{ kept: 'mine', settled_by: { user: 'ann' } }]);
    expect(await bob.refused('sync.settle', { conflict, keep: 'theirs' })).toBe('SYNC_CONFLICT_SETTLED');
    expect(await bob.refused('sync.settle', { conflict: 'none', keep: 'theirs' })).toBe('SYNC_CONFLICT_UNKNOWN');
  });
});

describe('a number that two laptops gave out', () => {
  /** Ann comes first; what Bob has stays with him until it is settled. */
  async function clash(): Promise<{ ann: SyncHome; bob: SyncHome; conflict: string }> {
    const [ann, bob] = await two();
    await ann.register('support', { description: 'of ann' });
    await bob.register('support', { description: 'of bob', tags: ['mine'] });
    await inTurn(ann, bob);
    const { conflicts } = await bob.call('sync.conflicts', {});
    expect(conflicts).toMatchObject([{ entity: 'version', kind: 'two', is_ours: true }]);
    expect([(await get(ann, '1.0.0')).description, (await get(bob, '1.0.0')).description]).toEqual(['of ann', 'of bob']);
    expect(await ann.refused('sync.settle', { conflict: conflicts[0]?.conflict ?? '', keep: 'mine' })).toBe('SYNC_CONFLICT_ELSEWHERE');
    // What is said of it meanwhile goes into the conflict, not over the other's.
    await bob.call('registry.update', { name: 'support', description: 'of bob, said better' });
    await inTurn(bob, ann);
    expect((await get(ann, '1.0.0')).description).toBe('of ann');
    expect((await ann.call('sync.conflicts', {})).conflicts[0]?.mine.payload?.['description']).toBe('of bob, said better');
    return { ann, bob, conflict: conflicts[0]?.conflict ?? '' };
  }
  const words = async (of: SyncHome) => (await of.call('registry.list', {})).versions.map(({ version, description }) => `${version} ${description}`);

  it('keeps both: mine gets the next number', async () => {
    const { ann, bob, conflict } = await clash();
    await bob.call('sync.settle', { conflict, keep: 'both' });
    await inTurn(bob, ann);
    for (const each of [ann, bob]) expect(await words(each)).toEqual(['1.0.1 of bob, said better', '1.0.0 of ann']);
    expect(await get(bob, '1.0.1')).toMatchObject({ tags: ['mine'] });
    expect((await bob.call('registry.verify', { name: 'support', version: '1.0.1' })).changed).toEqual([]);
    expect(await bob.call('sync.status', {})).toMatchObject({ conflicts: 0, pending: 0 });
  });

  it('keeps theirs: what is here lies aside', async () => {
    const { ann, bob, conflict } = await clash();
    await bob.call('sync.settle', { conflict, keep: 'theirs' });
    await inTurn(bob, ann);
    for (const each of [ann, bob]) expect(await words(each)).toEqual(['1.0.0 of ann']);
    expect(readdirSync(join(bob.paths.home, 'registry-aside'))).toHaveLength(1);
  });

  it('keeps mine: the other lies aside where it was made', async () => {
    const { ann, bob, conflict } = await clash();
    await bob.call('sync.settle', { conflict, keep: 'mine' });
    await inTurn(bob, ann);
    for (const each of [ann, bob]) expect(await words(each)).toEqual(['1.0.0 of bob, said better']);
    expect(readdirSync(join(ann.paths.home, 'registry-aside'))).toHaveLength(1);
    expect((await ann.call('sync.conflicts', { state: 'settled' })).conflicts[0]?.theirs.payload?.['description']).toBe('of ann');
  });
});

describe('files of a version', () => {
  it('travel by their hashes through the folder that all can reach, and are checked on both ends', async () => {
    folder = ownFolder();
    const share = join(folder, 'share');
    const [ann, bob, eve] = [home('ann', share), home('bob', share), home('eve')];
    await ann.register('support');
    await inTurn(ann, bob);
    // Nobody has mounted it yet.
    expect(await bob.refused('registry.fetch', { name: 'support' })).toBe('ARTIFACT_FOLDER_MISSING');
    mkdirSync(share);
    await ann.sync();
    const { record, dir } = await get(ann, 'latest');
    const weights = record.artifacts.find(({ path }) => path.endsWith('.safetensors'))?.sha256 ?? '';
    expect(readFileSync(join(share, 'sha256', weights.slice(0, 2), weights), 'utf8')).toBe('weights of ann-0');
    expect(await bob.call('registry.fetch', { name: 'support' })).toMatchObject({ files: 2 });
    expect(await bob.call('registry.fetch', { name: 'support' })).toMatchObject({ files: 0 });
    expect((await bob.call('registry.verify', { name: 'support' })).changed).toEqual([]);
    expect(readdirSync(join((await get(bob, 'latest')).dir)).sort()).toEqual(readdirSync(dir).sort());
    // Another version is brought where it is needed.
    await ann.register('support');
    await inTurn(ann, bob);
    expect((await bob.call('registry.export', { name: 'support', dir: join(folder, 'out') })).files).toContain('adapter_model.safetensors');
    // What was changed on its way goes no further.
    await bob.register('support');
    await inTurn(bob, ann);
    const third = (await get(bob, 'latest')).record.artifacts.find(({ path }) => path.endsWith('.safetensors'))?.sha256 ?? '';
    writeFileSync(join(share, 'sha256', third.slice(0, 2), third), 'other weights');
    expect(await ann.refused('registry.fetch', { name: 'support' })).toBe('ARTIFACT_CHANGED');
    expect(await ann.refused('registry.export', { name: 'support', dir: join(folder, 'bad') })).toBe('ARTIFACT_CHANGED');
    await eve.sync();
    expect(await eve.refused('registry.fetch', { name: 'support' })).toBe('ARTIFACT_FOLDER_MISSING');
    expect(hana.all('SELECT PAYLOAD FROM LATHE_VERSIONS').every((row) => !String(row['PAYLOAD']).includes('weights of'))).toBe(true);
  });
});

describe('rows of others', () => {
  it('are shown: runs, audit logs, page by page', async () => {
    const [ann, bob] = await two();
    await ann.register('support');
    await inTurn(ann, bob);
    const { rows } = await bob.call('sync.rows', { entity: 'run', text: 'ann-' });
    expect(rows.map(({ id, is_ours: isOurs }) => [id, isOurs])).toEqual([
      ['ann-2', false],
      ['ann-1', false],
      ['ann-0', false],
    ]);
    const first = await bob.call('sync.rows', { entity: 'run', limit: 4 });
    const second = await bob.call('sync.rows', { entity: 'run', limit: 4, after: first.next });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([4, 2, null]);
    expect((await bob.call('sync.rows', { entity: 'audit', text: 'registry.register' })).rows[0]?.payload).toMatchObject({ actor: { user: 'ann' } });
  });

  it('hold no path of another machine, and log lines no content', async () => {
    const [ann, bob] = await two();
    await ann.register('support', { description: 'a secret matter' });
    await inTurn(ann, bob);
    for (const entity of ['RUNS', 'VERSIONS', 'TAGS'])
      for (const row of hana.all(`SELECT PAYLOAD FROM LATHE_${entity}`)) expect(String(row['PAYLOAD'])).not.toContain(folder);
    const told = JSON.stringify([...ann.lines, ...bob.lines].filter(({ name }) => name.includes('sync')));
    expect(told).not.toContain('a secret matter');
    expect(told).toContain('operations sent');
  });
});

describe('a LATHE_HOME', () => {
  it('that was put back to an older state goes on from what HANA has, under a name of its own', async () => {
    const [ann, bob] = await two();
    await ann.register('support', { description: 'first' });
    await inTurn(ann, bob);
    const { device } = await ann.call('sync.status', {});
    await ann.close();
    const old = readFileSync(join(ann.paths.home, 'lathe.db'));
    const later = home('ann');
    await later.call('registry.update', { name: 'support', description: 'second' });
    await inTurn(later, bob);
    await later.close();
    writeFileSync(join(ann.paths.home, 'lathe.db'), old);
    const again = home('ann');
    await again.call('registry.register', { name: 'other', base: 'x' });
    await inTurn(again, bob);
    for (const each of [again, bob]) expect(await get(each, 'latest')).toMatchObject({ description: 'second' });
    expect((await again.call('sync.status', {})).device).not.toBe(device);
    expect((await again.call('sync.conflicts', { state: null })).conflicts).toEqual([]);
    const ids = hana.all('SELECT ID FROM LATHE_AUDIT').map((row) => String(row['ID']));
    // Bob did nothing that is written down.
    expect(new Set(ids.map((id) => id.split(':')[0])).size).toBe(2);
    expect((await again.call('audit.verify', {})).broken).toBeNull();
  });
});
