/** A deployment by the public paths: begun, followed, taken back, and refused where it may not be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetServer } from '../support/localai-standin/fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { WholeDeployments } from '../support/whole-deployments.ts';

let ground: WholeDeployments;
let server: FleetServer;
beforeAll(async () => {
  ground = await WholeDeployments.start(temporaryFolder());
  server = await ground.server('one');
  await ground.target('desk', [server]);
}, 120_000);
afterAll(() => ground.stop());

const body = { model: 'support@1.0.0', environment: 'staging', alias: 'bot', strategy: 'blue_green', validation_enabled: false, step_pause: '100ms' };

describe('deployments over HTTP', { timeout: 120_000 }, () => {
  it('begin with 202 and an address, and go on to their end', async () => {
    const started = await ground.host.post('/v1/deployment/deploy', body);
    expect(started.status).toBe(202);
    const { id, deployment, state } = started.json() as Record<string, string>;
    expect([state, deployment, started.headers.location]).toEqual(['running', id, `/v1/deployment/status/${String(id)}`]);
    const busy = await ground.host.post('/v1/deployment/deploy', body);
    expect([busy.status, busy.json()['code']]).toEqual([409, 'DEPLOYMENT_BUSY']);
    await ground.until(String(id));
    const status = await ground.host.ask(String(started.headers.location));
    expect(status.json()).toMatchObject({ id, state: 'done', traffic: 100, name: 'support', version: '1.0.0', config: { step_pause: '100ms' } });
    expect((await server.look()).aliases).toEqual({ bot: status.json()['served_as'] });
    const late = await ground.host.post(`/v1/deployment/rollback/${String(id)}`, { reason: 'tried' }, { headers: { 'if-match': '"1"' } });
    expect([late.status, late.json()['code']]).toEqual([412, 'PRECONDITION_FAILED']);
    const back = await ground.host.post(`/v1/deployment/rollback/${String(id)}`, { reason: 'tried' }, { headers: { 'if-match': String(status.headers.etag) } });
    expect([back.status, back.json()['state']]).toEqual([202, 'rolling_back']);
    expect((await ground.until(String(id))).state).toBe('rolled_back');
    expect((await server.look()).aliases).toEqual({});
  });

  it('are refused by name and place', async () => {
    const refused = async (change: object): Promise<unknown> => {
      const answer = await ground.host.post('/v1/deployment/deploy', { ...body, ...change });
      return [answer.status, answer.json()['code'], answer.json()['detail']];
    };
    expect(await refused({ strategy: 'hope' })).toEqual([422, 'INPUT_INVALID', expect.stringContaining('body.strategy')]);
    expect(await refused({ model_path: '/x' })).toEqual([422, 'INPUT_INVALID', expect.stringContaining('needs one of model and model_path')]);
    expect(await refused({ model: 'support@9.9.9' })).toEqual([404, 'VERSION_UNKNOWN', expect.stringContaining('9.9.9')]);
    expect(await refused({ environment: 'production' })).toEqual([expect.any(Number), 'DEPLOY_TARGET_UNCLEAR', expect.stringContaining('production')]);
  });
});
