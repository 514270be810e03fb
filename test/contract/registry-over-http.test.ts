/** The registry's public paths, with the bodies and queries of the guide. */
import { describe, expect, it } from 'vitest';
import type { Version } from '../../shared/contracts/registry-calls.ts';
import { hostOfTests } from '../support/host-of-tests.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const host = await hostOfTests(folder);

const models = '/v1/registry/models';
const note = (version: string, more: object = {}) => host.post(models, { name: 'support', version, base: 'lathe-base', ...more });

describe('the registry over HTTP', { timeout: 60_000 }, () => {
  it('makes versions, finds them, and compares two', async () => {
    const made = await note('1.0.0', {
      description: 'the first',
      tags: ['production'],
      metrics: { final_loss: 1.5 },
      parameters: { rank: 8 },
      metadata: { model: 'somebody/else' },
    });
    expect([made.status, made.headers.location, made.headers.etag]).toEqual([201, `${models}/support/1.0.0`, '"2"']);
    await note('1.1.0', { metrics: { final_loss: 1.25 }, parameters: { rank: 16 } });
    const by = async (query: string): Promise<string[]> =>
      ((await host.ask(`${models}?${query}`)).json()['versions'] as Version[]).map(({ version }) => version);
    expect(await by('name=support')).toEqual(['1.1.0', '1.0.0']);
    expect(await by('name=support&tags=production')).toEqual(['1.0.0']);
    expect(await by('metrics=final_loss%3C1.4')).toEqual(['1.1.0']);
    expect(await by('name=nobody&tags=')).toEqual([]);
    const one = await host.ask(`${models}/support/production`);
    expect(one.json()).toMatchObject({ name: 'support', version: '1.0.0', state: 'draft' });
    expect((await host.ask(`${models}/support/1.0.0`, { headers: { 'if-none-match': String(one.headers.etag) } })).status).toBe(304);
    for (const [model1, model2] of [
      ['support@1.0.0', 'support@1.1.0'],
      [{ name: 'support', version: '1.0.0' }, { name: 'support' }],
    ]) {
      const compared = (await host.post(`${models}/compare`, { model1, model2 })).json();
      expect(compared['differences']).toContainEqual(
        expect.objectContaining({ section: 'metrics', field: 'metrics.final_loss', value1: 1.5, value2: 1.25, change: -0.25 }),
      );
    }
  });

  it('gives long lists in pages that link to the next', async () => {
    for (let minor = 2; minor < 7; minor += 1) await note(`1.${minor}.0`);
    const seen: string[] = [];
    let path: string | undefined = `${models}?name=support&limit=3`;
    while (path !== undefined) {
      const page = await host.ask(path);
      seen.push(...(page.json()['versions'] as Version[]).map(({ version }) => version));
      path = /^<([^>]+)>; rel="next"$/.exec(String(page.headers['link']))?.[1];
    }
    expect(seen).toEqual(['1.6.0', '1.5.0', '1.4.0', '1.3.0', '1.2.0', '1.1.0', '1.0.0']);
  });

  it('changes a version only as it was read, and lets nobody but a deployer approve', async () => {
    const change = (revision: number) =>
      host.post('/v1/calls/registry.update', { name: 'support', version: '1.0.0', description: 'again' }, { headers: { 'if-match': `"${revision}"` } });
    const { revision } = (await host.ask(`${models}/support/1.0.0`)).json();
    expect((await change(Number(revision))).status).toBe(200);
    expect((await change(Number(revision))).json()).toMatchObject({ status: 412, code: 'PRECONDITION_FAILED' });
    const { token } = (await host.post('/v1/calls/tokens.create', { name: 'a trainer', role: 'trainer' })).json();
    const approve = (by: string) =>
      host.post('/v1/calls/registry.setState', { name: 'support', version: '1.0.0', state: 'approved', reason: 'it is' }, { token: by });
    expect((await approve(String(token))).json()).toMatchObject({ code: 'ROLE_MISSING' });
  });

  it('refuses odd questions', async () => {
    for (const query of ['limit=0', 'limit=x', 'limit=100000', 'metrics=loss', 'state=royal', 'colour=red', 'name=a&name=b'])
      expect(`${query} ${(await host.ask(`${models}?${query}`)).status}`).toBe(`${query} 422`);
    expect((await host.ask(`${models}/support/9.9.9`)).status).toBe(404);
    expect((await note('1.0.0')).status).toBe(409);
    expect((await host.post(models, { name: '../x', base: 'y' })).status).toBe(422);
  });
});
