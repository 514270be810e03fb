/** Which HANA facts are told to: chosen, changed, gone; the core queues for it from then on. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HanaConnection } from '../../../shared/domain/hana-connection.ts';
import { quietCore } from '../../../test/support/quiet-core.ts';
import { testCaller } from '../../../test/support/test-core.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { hanaId } from './chosen-hana.ts';

const core = quietCore(join(temporaryFolder(), 'home'));
afterAll(async () => {
  await core.stopWork();
  core.close();
});
const call = (name: string, input: unknown): Promise<unknown> => core.dispatcher.dispatch(name, input, testCaller);
const office = { name: 'office', host: 'HANA.example', port: 30015, user: 'Lathe', secret: 'hana' };

describe('hana connections', () => {
  it('tell where the tables are, whoever goes there by whichever driver', () => {
    const id = hanaId(HanaConnection.parse(office));
    expect(id).toBe('hana://hana.example:30015//LATHE');
    expect(hanaId(HanaConnection.parse({ ...office, user: 'OTHER', schema: 'lathe', driver: 'hana-client' }))).toBe(id);
    expect(hanaId(HanaConnection.parse({ ...office, schema: 'ELSEWHERE' }))).not.toBe(id);
  });

  it('make the core queue once one is chosen, and no more when none is', async () => {
    const isConnected = async (): Promise<unknown> => ((await call('sync.status', {})) as { connected: boolean }).connected;
    await call('hana.save', { connection: office });
    expect(await isConnected()).toBe(false);
    await call('hana.connect', { connection: 'office' });
    expect(await isConnected()).toBe(true);
    await call('hana.disconnect', {});
    expect(await isConnected()).toBe(false);
  });

  it('are one at a time', async () => {
    await call('hana.save', { connection: { ...office, name: 'other' } });
    await call('hana.connect', { connection: 'office' });
    await call('hana.connect', { connection: 'other' });
    const { connections } = (await call('hana.connections', {})) as { connections: { connection: HanaConnection; is_chosen: boolean }[] };
    expect(connections.map(({ connection, is_chosen: isChosen }) => [connection.name, isChosen])).toEqual([
      ['office', false],
      ['other', true],
    ]);
    await expect(call('hana.remove', { connection: 'other' })).rejects.toMatchObject({ code: 'HANA_CONNECTION_CHOSEN' });
  });

  it("do not take SAP's driver without a word about its licence", async () => {
    const connection = { ...office, driver: 'hana-client' };
    await expect(call('hana.save', { connection })).rejects.toMatchObject({ code: 'HANA_LICENCE_NOT_ACCEPTED' });
    await expect(call('hana.save', { connection, accept_licence: true })).resolves.toMatchObject({ connection: { driver: 'hana-client' } });
  });

  it('are not written down with a property that nobody knows', async () => {
    await expect(call('hana.save', { connection: { ...office, sslValidateCertifcate: false } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
