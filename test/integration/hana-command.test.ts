/** `lathe hana …` as a user has it: kept, tested, connected, forgotten; the password is nowhere. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hanaClientFolder, hanaPassword, startHana, whyNoHana, whyNoHanaDriver, type HanaServer } from '../support/hana-server.ts';
import { HanaHome } from '../support/hana-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.skipIf(whyNoHana !== null)(`lathe hana (${whyNoHana ?? 'here'})`, () => {
  const home = new HanaHome(join(temporaryFolder(), 'home'), { LATHE_HANA_CLIENT: hanaClientFolder, NODE_DEBUG: '', HDB_TRACE: '1' });
  let server: HanaServer;
  const place = (): readonly string[] => ['--host', '127.0.0.1', '--port', String(server.port), '--user', 'ADMIN', '--secret', 'hana', '--no-encrypt'];

  beforeAll(async () => {
    server = await startHana();
    expect(await home.keepPassword()).toMatchObject({ code: 0 });
  });
  afterAll(() => server.stop());

  it('keeps a connection and says what is behind it', async () => {
    expect(await home.lathe(['hana', 'add', 'office', ...place()])).toMatchObject({ code: 0, stdout: expect.stringMatching(/office is kept/) as string });
    await server.seen({ clear: true });
    const tested = await home.lathe(['hana', 'test', 'office']);
    expect(tested.stdout).toMatch(
      /office: HANA 4\.00\.000.*database TST\nas ADMIN in schema ADMIN, .* ms there and back\nLathe's tables are not there: lathe init --hana office\nRights: all/,
    );
    expect((await server.seen()).logons).toBe(1);
  });

  it.skipIf(whyNoHanaDriver('hana-client') !== null)("takes SAP's driver from where it is installed, once its licence is accepted", async () => {
    const refused = await home.lathe(['hana', 'add', 'sap', ...place(), '--driver', 'hana-client']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/SAP Developer License 3\.2.*developer-license-3_2\.txt.*--accept-licence/s)]);
    expect(await home.lathe(['hana', 'add', 'sap', ...place(), '--driver', 'hana-client', '--accept-licence'])).toMatchObject({ code: 0 });
    expect((await home.lathe(['hana', 'test', 'sap'])).stdout).toMatch(/sap: HANA 4\.00/);
    expect((await home.lathe(['audit', 'list', '--json'])).stdout).toMatch(/"accepted_licence":"SAP Developer License 3\.2"/);
  });

  it('tells a refusal in one line, with a remedy, and logs on no second time', async () => {
    await server.refuseLogons({ code: 416, message: 'user is locked' });
    await server.seen({ clear: true });
    const tested = await home.lathe(['hana', 'test', 'office']);
    expect([tested.code, tested.stderr]).toEqual([6, expect.stringMatching(/has locked ADMIN.*RESET CONNECT ATTEMPTS/s)]);
    expect((await server.seen()).logons).toBe(1);
    await server.refuseLogons(null);
  });

  it('says what a wrong input is', async () => {
    expect((await home.lathe(['hana', 'add', 'cloud', ...place(), '--port', '443'])).stderr).toMatch(/encrypt.*must be true at port 443/);
    expect((await home.lathe(['hana', 'test', 'nobody'])).stderr).toMatch(/There is no HANA connection nobody/);
  });

  it('connects, and forgets only what nothing is kept in step with', async () => {
    expect(await home.lathe(['hana', 'connect', 'office'])).toMatchObject({ code: 0 });
    expect((await home.lathe(['hana', 'list'])).stdout).toMatch(/office .*kept in step/);
    expect((await home.lathe(['hana', 'remove', 'office'])).stderr).toMatch(/kept in step with office.*lathe hana disconnect/s);
    expect(await home.lathe(['hana', 'disconnect'])).toMatchObject({ code: 0 });
    expect(await home.lathe(['hana', 'remove', 'office'])).toMatchObject({ code: 0 });
  });

  it('the password stands nowhere', () => {
    expect(home.traces(hanaPassword)).toEqual([]);
  });
});
