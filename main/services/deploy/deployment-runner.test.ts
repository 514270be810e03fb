/** Deployments over servers in memory: forward, back, through breaks and breakdowns. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../../../test/support/empty-store.ts';
import { MemoryServer } from '../../../test/support/memory-server.ts';
import { testCaller, testDeploy, type TestDeployOptions } from '../../../test/support/test-deploy.ts';

function deploy(options: Partial<TestDeployOptions> = {}, home = ownFolder()) {
  const servers = options.servers ?? [new MemoryServer('one')];
  const [server] = servers;
  if (server === undefined) throw new Error('no server');
  const made = testDeploy(home, { ...options, servers });
  onTestFinished(() => made.close());
  return { ...made, server, servers, home };
}

describe('blue and green on one server', () => {
  it('leads the alias to a version that was proven beside the one before', async () => {
    const { makeVersion, start, until, server, store } = deploy();
    const first = await until((await start(await makeVersion('1.0.0'))).deployment);
    expect([first.state, first.error, first.traffic]).toEqual(['done', null, 100]);
    expect(server.aliases.get('bot')).toBe(first.served_as);
    const second = await until((await start(await makeVersion('1.1.0'))).deployment);
    expect(second.steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      ...['check_target done', 'check_gate done', 'deliver done', 'load done', 'validate done', 'switch done', 'watch done', 'retire waiting'],
    ]);
    expect(second.previous).toEqual({ one: first.served_as });
    expect(server.snapshot()).toMatchObject({ aliases: { bot: second.served_as }, loaded: [first.served_as, second.served_as] });
    expect(store.servings.list({ target: 'desk', alias: 'bot', at: null, limit: 9 }).map(({ version, to }) => [version, to === null])).toEqual([
      ['1.1.0', true],
      ['1.0.0', false],
    ]);
  });

  it('is taken back when it is done, and nothing of it is left', async () => {
    const { makeVersion, start, until, server, deployments, store } = deploy();
    const first = await until((await start(await makeVersion('1.0.0'))).deployment);
    const before = server.snapshot();
    const second = await until((await start(await makeVersion('1.1.0'))).deployment);
    deployments.rollback({ deployment: second.deployment, reason: 'it is rude' }, testCaller);
    const back = await until(second.deployment);
    expect([back.state, back.error?.code]).toEqual(['rolled_back', 'ROLLBACK_ASKED']);
    expect(server.snapshot()).toEqual(before);
    expect(store.servings.open('desk', 'bot')).toMatchObject([{ served_as: first.served_as, version: '1.0.0', reason: expect.stringContaining('it is rude') }]);
  });
});
