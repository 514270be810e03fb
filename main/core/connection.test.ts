/** The whole core with a connection that comes and goes: what is queued for it, and when everything is told. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { smallHome, testActor } from '../../test/support/small-home.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { CallName, InputOf, OutputOf } from '../../shared/contracts/calls.ts';
import type { Connection } from '../services/connection.ts';
import { openStore } from '../store/store.ts';
import { composeCore, type Core } from './core.ts';

const folder = temporaryFolder();
const { paths, database } = smallHome(join(folder, 'home'), { runs: 2, auditRows: 0 });
let core: Core | null = null;

class TestConnection implements Connection {
  id: string | null = null;
  #tell: () => void = () => undefined;
  onChange(listener: () => void): void {
    this.#tell = listener;
  }
  become(id: string | null): void {
    this.id = id;
    this.#tell();
  }
}

function begin(connection?: Connection): void {
  const compute = {
    supervisor: undefined as never,
    engine: () => Promise.reject(new Error('no engine here')),
    power: { isKnown: false, read: () => 'mains' as const },
  };
  core = composeCore({ paths, log: keepingLogger(), logPath: () => '/the.log', compute, kind: 'serve', self: testActor, ...(connection && { connection }) });
}
async function end(): Promise<void> {
  await core?.stopWork();
  core?.close();
  core = null;
}
async function call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  return (await core?.dispatcher.dispatch(name, input, { actor: testActor, role: 'admin' })) as OutputOf<N>;
}
/** What waits, in its order and without the audit log's, looked at beside the core. */
function pending(): string[] {
  const store = openStore(database, keepingLogger());
  const facts = store.outbox.pending(100).filter(({ entity }) => entity !== 'audit');
  const rows = facts.map(({ entity, id }) => `${entity} ${id}`);
  store.close();
  return rows;
}
function park(entity: string): void {
  const store = openStore(database, keepingLogger());
  store.outbox.park(store.outbox.pending(100).find((row) => row.entity === entity)?.key ?? '', 'refused');
  store.close();
}

afterEach(end);

describe('a core', () => {
  it('queues nothing without a connection, tells everything to the first, and then what changes', async () => {
    begin();
    await call('registry.register', { name: 'support', base: 'a-base', tags: ['production'] });
    expect(await call('sync.status', {})).toMatchObject({ connected: false, pending: 0, bytes: 0 });
    await end();

    const connection = new TestConnection();
    begin(connection);
    expect(pending()).toEqual([]);
    connection.become('hana one');
    const everything = ['run r0', 'run r1', 'version support@1.0.0', 'tag support:production'];
    expect(pending()).toEqual(everything);
    // Coalesced: still one row an entity.
    await call('registry.update', { name: 'support', version: '1.0.0', description: 'one' });
    await call('registry.update', { name: 'support', version: '1.0.0', description: 'two' });
    await call('registry.untag', { name: 'support', tag: 'production' });
    expect(pending()).toEqual(everything);
    // Those of before it was there, and those since.
    expect(await call('sync.status', {})).toMatchObject({
      connected: true,
      pending: 4 + 5,
      parked: 0,
      entities: expect.arrayContaining([expect.objectContaining({ entity: 'audit', rows: 5 })]),
    });
    // A refused one is kept, and what comes later waits beside it.
    park('version');
    await call('registry.update', { name: 'support', version: '1.0.0', description: 'three' });
    expect(await call('sync.status', {})).toMatchObject({
      pending: 4 + 6,
      parked: 1,
      problems: [{ entity: 'version', id: 'support@1.0.0', problem: 'refused' }],
    });
    connection.become('hana one');
    expect(pending()).toEqual(['run r0', 'run r1', 'tag support:production', 'version support@1.0.0']);
  });

  it('tells everything once a connection, over restarts too, and again to another', async () => {
    const connection = new TestConnection();
    connection.id = 'hana one';
    const store = openStore(database, keepingLogger());
    for (const { key } of store.outbox.pending(100)) store.outbox.park(key, 'out of the way');
    store.close();
    begin(connection);
    expect(pending()).toEqual([]);
    await end();
    const another = new TestConnection();
    another.id = 'hana two';
    begin(another);
    // The tag was taken away before.
    expect(pending()).toEqual(['run r0', 'run r1', 'version support@1.0.0']);
    expect(await call('sync.status', {})).toMatchObject({ parked: 1 + 4 + 6 });
    await end();
    begin();
    await end();
    begin(another);
    expect(pending()).toEqual(['run r0', 'run r1', 'version support@1.0.0']);
  });
});
