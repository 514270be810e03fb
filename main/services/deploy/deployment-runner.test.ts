/** Deployments over servers in memory: forward, back, through breaks and breakdowns. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../../../test/support/empty-store.ts';
import type { DeploymentConfig } from '../../../shared/domain/deployment-config.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { MemoryServer, unreachable } from '../../../test/support/memory-server.ts';
import { MemorySplitter, testCaller, testDeploy, type TestDeployOptions } from '../../../test/support/test-deploy.ts';

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

/** A first version answers; a second one is deployed and goes wrong. */
async function second(options: Partial<TestDeployOptions>, config: Partial<DeploymentConfig>, spoil: (made: ReturnType<typeof deploy>) => void) {
  const made = deploy(options);
  const first = await made.until((await made.start(await made.makeVersion('1.0.0'))).deployment);
  const before = made.servers.map((server) => server.snapshot());
  const model = await made.makeVersion('1.1.0');
  spoil(made);
  const end = await made.until((await made.start(model, config)).deployment);
  return { ...made, first, before, end };
}

describe('goes back by itself, wholly', () => {
  const golden = [{ prompt: 'Who?', contains: ['I am support'], max_tokens: 8 }];
  const isNew = (model: string): boolean => model.startsWith('support-1.1.0');

  it.each<[string, Partial<DeploymentConfig>, (server: MemoryServer) => void, string, string]>([
    [
      'answers are wrong',
      { golden_prompts: golden },
      (server) => (server.answer = (model) => (isNew(model) ? { text: 'I am lost' } : {})),
      'VALIDATION_FAILED',
      'lacks',
    ],
    ['the adapter is not applied', {}, (server) => (server.ignoresAdapters = true), 'VALIDATION_FAILED', 'adapter is not applied'],
    [
      'answers are slow',
      { max_latency: '1s' },
      (server) => (server.answer = (model) => (isNew(model) ? { totalMs: 5_000 } : {})),
      'VALIDATION_FAILED',
      '5000 ms',
    ],
    [
      'requests fail after the switch',
      { health_check_failures: 2, step_pause: '5m' },
      (server) =>
        (server.before = (act, model) => {
          if (act === 'chat' && model === 'bot') throw new AppError('REMOTE_FAILED', { server: 'one', call: 'chat', problem: 'no memory' });
        }),
      'HEALTH_FAILED',
      '2 checks in a row failed',
    ],
    [
      'the key is refused in the middle',
      {},
      (server) => {
        let refusals = 1;
        server.before = (act) => {
          if (act === 'load' && (refusals -= 1) >= 0) throw new AppError('REMOTE_DENIED', { server: 'one', problem: '401' });
        };
      },
      'REMOTE_DENIED',
      '401',
    ],
    [
      'the disk is full',
      {},
      (server) =>
        (server.before = (act) => {
          if (act === 'install') throw new AppError('ARTIFACT_NOT_FETCHED', { server: 'one', problem: 'no space left' });
        }),
      'ARTIFACT_NOT_FETCHED',
      'no space left',
    ],
    [
      'the template is another',
      {},
      (server) => (server.answer = (model) => (isNew(model) ? { promptTokens: 40 } : {})),
      'VALIDATION_FAILED',
      'chat template is another',
    ],
  ])('where %s', async (...[, config, spoil, code, words]) => {
    const { end, before, server, first, store } = await second({}, config, ({ server: one }) => spoil(one));
    expect([end.state, end.error?.code]).toEqual(['rolled_back', code]);
    expect(end.steps.map(({ problem }) => problem ?? '').join(' ')).toContain(words);
    expect(server.snapshot()).toEqual(before[0]);
    expect(store.servings.open('desk', 'bot')).toMatchObject([{ served_as: first.served_as }]);
  });

  it('where a server is away for longer than it may be, as soon as it is back', async () => {
    let [isUp, tries] = [true, 0];
    const { end, before, server } = await second({}, { rollback_timeout: '10m' }, ({ server: one }) => {
      one.after = (act) => {
        if (act === 'install') isUp = false;
      };
      one.before = () => {
        if (!isUp && (tries += 1) > 15) isUp = true;
        if (!isUp) throw unreachable('one');
      };
    });
    expect([end.state, end.error?.code]).toEqual(['rolled_back', 'REMOTE_UNREACHABLE']);
    expect(server.snapshot()).toEqual(before[0]);
  });

  it('with the split, also where the key is refused for a while on the way back', async () => {
    const splitter = new MemorySplitter();
    const { end, before, server, start, until, makeVersion } = await second({ splitter }, { strategy: 'canary' }, ({ server: one }) => {
      let refusals = 0;
      one.before = (act) => {
        if ((act === 'load' || refusals > 0) && refusals < 8) {
          refusals += 1;
          throw new AppError('REMOTE_DENIED', { server: 'one', problem: '401' });
        }
      };
    });
    expect([end.state, end.error?.code, splitter.split]).toEqual(['rolled_back', 'REMOTE_DENIED', null]);
    expect(server.snapshot()).toEqual(before[0]);
    server.before = () => undefined;
    expect((await until((await start(await makeVersion('1.2.0'), { strategy: 'canary' })).deployment)).state).toBe('done');
  });

  it('goes on where a server was away for a moment', async () => {
    let [isUp, tries] = [true, 0];
    const { end } = await second({}, {}, ({ server }) => {
      server.after = (act) => {
        if (act === 'load') isUp = false;
      };
      server.before = () => {
        if (!isUp && (tries += 1) > 4) isUp = true;
        if (!isUp) throw unreachable('one');
      };
    });
    expect([end.state, end.error]).toEqual(['done', null]);
  });

  it('says how things stand where it cannot go back', async () => {
    const { end } = await second({}, { rollback_timeout: '3m' }, ({ server }) => {
      let isUp = true;
      server.after = (act) => {
        if (act === 'setAlias') isUp = false;
      };
      server.before = () => {
        if (!isUp) throw unreachable('one');
      };
    });
    expect([end.state, end.error?.code]).toEqual(['failed', 'ROLLBACK_INCOMPLETE']);
    expect(end.steps.filter(({ kind }) => kind === 'switch_back')).toMatchObject([{ state: 'waiting' }]);
  });
});

describe('a way back that failed', () => {
  it('is gone again by hand when the server answers', async () => {
    let isUp = true;
    const { end, server, before, deployments, until } = await second({}, { rollback_timeout: '3m' }, ({ server: one }) => {
      one.after = (act) => {
        if (act === 'setAlias') isUp = false;
      };
      one.before = () => {
        if (!isUp) throw unreachable('one');
      };
    });
    expect(end.state).toBe('failed');
    Object.assign(server, { before: () => undefined, after: () => undefined });
    deployments.rollback({ deployment: end.deployment, reason: 'it is back' }, testCaller);
    expect((await until(end.deployment)).state).toBe('rolled_back');
    expect(server.snapshot()).toEqual(before[0]);
  });
});

it('keeps the machine awake while it is at work, and not while it waits for a word', async () => {
  let [held, most] = [0, 0];
  const awake = { hold: () => (most = Math.max(most, (held += 1))), release: () => (held -= 1) };
  const { end, deployments, until } = await second({ awake }, { confirm_steps: true }, () => undefined);
  expect([end.state, held, most]).toEqual(['waiting', 0, 1]);
  deployments.confirm(end.deployment, testCaller);
  expect(held).toBe(1);
  expect([(await until(end.deployment)).state, held]).toEqual(['done', 0]);
});

describe('asks', () => {
  it('before each step that moves traffic, where that is wanted', async () => {
    const { end, deployments, until, server, first } = await second({}, { confirm_steps: true }, () => undefined);
    expect([end.state, end.question, server.aliases.get('bot')]).toEqual(['waiting', expect.stringContaining('Lead bot on one'), first.served_as]);
    deployments.confirm(end.deployment, testCaller);
    const done = await until(end.deployment);
    expect([done.state, done.steps.find(({ kind }) => kind === 'switch')?.evidence['confirmed_by']]).toEqual(['done', testCaller.actor.user]);
  });

  it('where it failed and may not go back by itself; a word tries again', async () => {
    let fails = true;
    const { end, deployments, until } = await second({}, { auto_rollback: false }, ({ server }) => {
      server.before = (act) => {
        if (act === 'load' && fails) throw new AppError('MODEL_NOT_LOADED', { server: 'one', model: 'x', problem: 'no memory' });
      };
    });
    expect([end.state, end.question]).toEqual(['waiting', expect.stringContaining('no memory')]);
    fails = false;
    deployments.confirm(end.deployment, testCaller);
    expect((await until(end.deployment)).state).toBe('done');
  });

  it('where the version before does as badly', async () => {
    const { end } = await second({}, { health_check_failures: 2 }, ({ server }) => {
      let isOn = false;
      server.after = (act) => {
        if (act === 'setAlias') isOn = true;
      };
      server.before = (act) => {
        if (isOn && act === 'chat') throw new AppError('REMOTE_FAILED', { server: 'one', call: 'chat', problem: 'overloaded' });
      };
    });
    expect([end.state, end.question]).toEqual(['waiting', expect.stringContaining('the version before does no better')]);
  });

  it('where the gate cannot say, and refuses what it says no to', async () => {
    const rule = {
      rule: 'min_accuracy' as const,
      benchmark: 'arc_easy',
      bound: 0.7,
      value: null,
      low: null,
      high: null,
      scores: [],
      words: 'It was not scored.',
    };
    const judge = (verdict: 'fail' | 'inconclusive') => ({
      rules: () => ({}),
      evaluate: ({ name, version }: { name: string; version: string }) =>
        Promise.resolve({ name, version, verdict, significance: 0.05, rules: [{ ...rule, verdict }] }),
    });
    const asking = deploy({ gates: judge('inconclusive') });
    const end = await asking.until((await asking.start(await asking.makeVersion('1.0.0'))).deployment);
    expect([end.state, end.question]).toEqual(['waiting', expect.stringContaining('It was not scored')]);
    asking.deployments.confirm(end.deployment, testCaller);
    expect((await asking.until(end.deployment)).state).toBe('done');
    const refusing = deploy({ gates: judge('fail') });
    await expect(refusing.start(await refusing.makeVersion('1.0.0'))).rejects.toMatchObject({ code: 'DEPLOYMENT_REFUSED', exitCode: 5 });
    expect(refusing.server.snapshot()).toMatchObject({ models: ['base'] });
  });
});

describe('who may go where', () => {
  it('is for production approved alone, with the word of how', async () => {
    const { start, makeVersion, server, registry, until, store } = deploy({ environment: 'production' });
    const model = await makeVersion('1.0.0');
    await expect(start(model)).rejects.toMatchObject({ code: 'VERSION_NOT_APPROVED', exitCode: 5 });
    expect(server.acts.filter((act) => /^(install|load|setAlias)/.test(act))).toEqual([]);
    for (const state of ['candidate', 'approved'] as const)
      await registry.setState({ name: 'support', version: '1.0.0', state, reason: 'good', against_gate: true }, testCaller);
    expect((await until((await start(model)).deployment)).state).toBe('done');
    expect(store.tags.versionOf('support', 'production')).toBe('1.0.0');
  });

  it('is one at a time for an alias', async () => {
    const { start, makeVersion, server } = deploy();
    const model = await makeVersion('1.0.0');
    server.before = (act) => (act === 'install' ? new Promise(() => undefined) : undefined);
    await start(model);
    await expect(start(model)).rejects.toMatchObject({ code: 'DEPLOYMENT_BUSY' });
    server.before = () => undefined;
  });
});

describe('what others did on a server', () => {
  it('is left as it is on the way back, and shown', async () => {
    const { end, server, targets } = await second({}, {}, () => undefined);
    server.put('theirs', { alias: 'bot' });
    const { drift } = await targets.check('desk', testCaller);
    expect(drift.map(({ what, found }) => `${what} ${String(found)}`)).toEqual(['alias_moved theirs']);
    expect(end.state).toBe('done');
  });

  it('stops a deployment that finds it after a break', async () => {
    const made = deploy();
    const first = await made.until((await made.start(await made.makeVersion('1.0.0'))).deployment);
    const started = await made.start(await made.makeVersion('1.1.0'), { confirm_steps: true });
    await made.until(started.deployment);
    made.server.put('theirs', { alias: 'bot' });
    made.deployments.confirm(started.deployment, testCaller);
    const end = await made.until(started.deployment);
    expect([end.state, end.error?.code, made.server.aliases.get('bot')]).toEqual(['rolled_back', 'ALIAS_MOVED', 'theirs']);
    expect(made.server.models.has(end.served_as)).toBe(false);
    expect(first.state).toBe('done');
  });
});

describe('several servers', () => {
  const three = () => [new MemoryServer('a'), new MemoryServer('b'), new MemoryServer('c')];

  it('are gone through one after another, and back all of them', async () => {
    const { end, servers, before } = await second({ servers: three() }, { strategy: 'rolling', health_check_failures: 1 }, ({ servers: all }) => {
      const [, , last] = all;
      if (last !== undefined)
        last.before = (act, model) => {
          if (act === 'chat' && model === 'bot') throw new AppError('REMOTE_FAILED', { server: 'c', call: 'chat', problem: 'broken' });
        };
    });
    expect([end.state, end.steps.filter(({ kind, state }) => kind === 'switch' && state === 'done').length]).toEqual(['rolled_back', 3]);
    expect(servers.map((server) => server.snapshot())).toEqual(before);
  });

  it('share traffic by a proxy in growing parts, each key on its side', async () => {
    const splitter = new MemorySplitter();
    const { end, servers } = await second({ servers: three(), splitter }, { strategy: 'canary' }, () => undefined);
    expect([end.state, splitter.split]).toEqual(['done', null]);
    expect(splitter.told).toEqual([...[10, 25, 50, 75].map((share) => `${end.served_as} ${share}`), 'clear']);
    expect(servers.map((server) => server.aliases.get('bot'))).toEqual([end.served_as, end.served_as, end.served_as]);
  });
});

describe('a Lathe that knows nothing', () => {
  it('adopts what it finds, and takes it back', async () => {
    const { server, first, before, end } = await second({}, {}, () => undefined);
    const fresh = deploy({ servers: [server] });
    await fresh.targets.check('desk', testCaller);
    expect(fresh.deployments.get(end.deployment)).toMatchObject({ version: '1.1.0', state: 'done', previous: { one: first.served_as } });
    fresh.deployments.rollback({ deployment: end.deployment, reason: 'reinstalled' }, testCaller);
    expect((await fresh.until(end.deployment)).state).toBe('rolled_back');
    expect(server.snapshot()).toEqual(before[0]);
    expect(fresh.store.servings.open('desk', 'bot')).toMatchObject([{ name: 'support', version: '1.0.0' }]);
  });
});

describe('afterwards', () => {
  it('the version before leaves the memory in time and stays installed; older ones go', async () => {
    const { server, first, end, aftercare, clock, makeVersion, start, until } = await second({}, { keep_previous: '1h' }, () => undefined);
    await aftercare.look();
    expect(server.loaded).toContain(first.served_as);
    clock.pass(2 * 3_600_000);
    await aftercare.look();
    expect([server.loaded.has(first.served_as), server.models.has(first.served_as)]).toEqual([false, true]);
    const third = await until((await start(await makeVersion('1.2.0'), { keep_previous: '1h' })).deployment);
    clock.pass(2 * 3_600_000);
    await aftercare.look();
    expect([...server.models.keys()].sort()).toEqual(['base', end.served_as, third.served_as]);
  });
});
