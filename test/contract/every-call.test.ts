/** Every call and every route over real HTTP: what is right is answered as the contract says, what is hostile is refused and harms nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, type CallName } from '../../shared/contracts/calls.ts';
import type { Run } from '../../shared/contracts/run-calls.ts';
import { isEnded } from '../../shared/domain/run-state.ts';
import { Problem } from '../../main/rest/problem.ts';
import { routes } from '../../main/rest/routes.ts';
import { fileFields } from '../../main/rest/file-fields.ts';
import { z } from 'zod';
import { hostOfTests } from '../support/host-of-tests.ts';
import type { Answered } from '../support/http-host.ts';
import { layOut } from '../support/localai-contract.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { holdsEscapes, hostileBodies, hostileTexts, withEachText } from './hostile.ts';
import { rightCalls } from './right-calls.ts';

const folder = temporaryFolder();
const host = await hostOfTests(folder);
const tokens: Record<string, string> = {};
beforeAll(async () => {
  for (const role of ['viewer', 'trainer', 'deployer'] as const)
    tokens[role] = String((await host.post('/v1/calls/tokens.create', { name: `a ${role}`, role })).json()['token']);
  tokens['admin'] = host.admin;
}, 120_000);

/** Ends the host or hangs for good: asked elsewhere. */
const notHere = new Set(['/v1/calls/host.end', '/v1/events']);
/** Of HANA, so that they need a server: asked where there is one. */
const needServers: readonly CallName[] = ['sync.now', 'sync.settle', 'hana.init', 'datasets.fetch', 'datasets.refresh'];
const filled = (path: string, text = 'nobody'): string => path.replace(/\{\w+\}/g, encodeURIComponent(text));
const expectProblem = (answer: Answered, status?: number): Problem => {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = Problem.parse(answer.json());
  expect(problem.status).toBe(answer.status);
  if (status !== undefined) expect(`${answer.status} ${problem.code}`).toMatch(new RegExp(`^${status} `));
  expect(holdsEscapes(answer.text)).toBe(false);
  return problem;
};

describe('the right calls', { timeout: 180_000 }, () => {
  const standin = LocalAiStandin.start({ folder: layOut(join(folder, 'localai')).models });
  afterAll(async () => (await standin).down());
  const ids: Record<string, string> = { HOME: folder, BACKUP: join(folder, 'backup'), EXPORT: join(folder, 'export') };
  const started = ['RUN', 'OTHER', 'DONE'];
  const put = (input: unknown): unknown => JSON.parse(JSON.stringify(input).replace(/"([A-Z]{3,})"/g, (_, name: string) => JSON.stringify(ids[name])));
  const waitUntil = async ([name = '', state = '']: readonly string[]): Promise<void> => {
    for (;;) {
      const call = { BENCHMARK: 'benchmarks.get', STOPPED: 'benchmarks.get', DEPLOYED: 'deployments.get' }[name] ?? 'runs.status';
      const asked = name === 'DEPLOYED' ? { deployment: ids[name] } : { run: ids[name] };
      const run = (await host.post(`/v1/calls/${call}`, asked)).json() as unknown as Run;
      if (run.state === state || (state === 'ended' && isEnded(run.state))) return;
      expect(run.state).not.toBe('failed');
      await pause(50);
    }
  };

  const benchmarkIds = (run: unknown, known: object): object => ('BENCHMARK' in known ? { STOPPED: run } : { BENCHMARK: run, SCORE: `${String(run)}.1` });

  it('answer what the contract says', async () => {
    ids['LOCALAI'] = (await standin).url;
    for (const { name, input, waitFor } of rightCalls) {
      if (waitFor !== undefined) await waitUntil(waitFor.split(' '));
      const answer = await host.post(`/v1/calls/${name}`, put(input));
      expect(`${name} ${answer.status} ${answer.status === 200 ? '' : answer.text}`).toBe(`${name} 200 `);
      expect(calls[name].output.safeParse(JSON.parse(answer.text)).error).toBeUndefined();
      if (name === 'benchmarks.start') Object.assign(ids, benchmarkIds(answer.json()['run'], ids));
      if (name === 'deployments.start') Object.assign(ids, { DEPLOYED: answer.json()['deployment'] });
      if (name !== 'runs.start') continue;
      const { run, dir } = answer.json();
      const which = started.shift() ?? '';
      Object.assign(ids, { [which]: run, ...(which === 'RUN' ? { FOLDER: dir } : {}), ...(which === 'DONE' ? { ADAPTER: join(String(dir), 'adapter') } : {}) });
    }
  });

  it('are all there', () => {
    const tried = new Set<CallName>([...rightCalls.map(({ name }) => name), ...needServers, 'host.end']);
    expect(Object.keys(calls).filter((name) => !tried.has(name as CallName))).toEqual([]);
  });
});

describe('every route', { timeout: 60_000 }, () => {
  const guarded = routes.filter(({ role }) => role !== null);

  it.for(guarded)('$method $path lets in nobody without a token, with a wrong one or a lesser role', async ({ method, path, role }) => {
    const body = method === 'POST' ? {} : undefined;
    expectProblem(await host.ask(filled(path), { method, token: null, body }), 401);
    const wrong = expectProblem(await host.ask(filled(path), { method, token: `lathe_${'A'.repeat(43)}`, body }));
    expect(['LOG_ON_NEEDED', 'LOG_ON_LIMITED']).toContain(wrong.code);
    const lesser = { viewer: null, trainer: 'viewer', deployer: 'trainer', admin: 'deployer' }[role ?? 'viewer'];
    if (lesser === null) return;
    const refused = expectProblem(await host.ask(filled(path), { method, token: tokens[lesser] ?? null, body }), 403);
    expect(refused).toMatchObject({ code: 'ROLE_MISSING', facts: { needs: role, has: lesser } });
  });

  it.for(routes)('$method $path answers to no foreign name and no foreign page', async ({ method, path }) => {
    for (const name of ['evil.example', `evil.example:${host.port}`, 'localhost:1', `127.0.0.1.evil.example:${host.port}`])
      expectProblem(await host.ask(filled(path), { method, headers: { host: name } }), 421);
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `https://127.0.0.1:${host.port}`, `http://127.0.0.1:${host.port}.evil.example`])
      expectProblem(await host.ask(filled(path), { method, headers: { origin } }), 403);
  });

  it.for(routes)('$method $path has no other methods', async ({ path }) => {
    const known = routes.filter((row) => row.path === path).map(({ method }): string => method);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'GET', 'POST'].filter((each) => !known.includes(each))) {
      const answer = await host.ask(filled(path), { method });
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe(known.join(', '));
    }
  });

  it.for(routes.filter(({ path }) => path.includes('{')))('$method $path takes ids for names only', async ({ method, path, status }) => {
    for (const text of hostileTexts) {
      const answer = await host.ask(filled(path, text), { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect([404, 422, ...(status === 501 ? [501] : [])]).toContain(answer.status);
      expectProblem(answer);
    }
    for (const raw of ['../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%00', '%ff', '%'])
      expect((await host.ask(path.replace(/\{\w+\}/, raw), { method })).status).toBeGreaterThanOrEqual(400);
  });

  it.for(routes.filter(({ method, path }) => method === 'POST' && !notHere.has(path)))(
    '$path reads no body that it does not know',
    async ({ path, status }) => {
      for (const body of hostileBodies) {
        const answer = await host.post(filled(path), body);
        // What takes nothing takes a body that says nothing, and may not be possible just now.
        if ([200, 409].includes(answer.status) && (body === '' || body === 'null')) continue;
        expectProblem(answer);
        expect([400, 404, 422, ...(status === 501 ? [501] : [])]).toContain(answer.status);
      }
      expectProblem(await host.ask(filled(path), { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415);
      expectProblem(await host.post(filled(path), `{"a":"${'x'.repeat(2 ** 20)}"}`), 413);
    },
  );

  it('refuses paths that are nobody’s', async () => {
    for (const path of ['/nothing', '/v1/calls/nobody.asks', '/v1/calls/__proto__', '/v1/../token', '/..%2ftoken', '//etc/passwd', '/v1/calls/runs.list/'])
      expectProblem(await host.ask(path), 404);
  });
});

describe('hostile texts in every text of every call', { timeout: 60_000 }, () => {
  const first = new Map(rightCalls.map((call) => [call.name, call]));

  it.for([...first.values()])('$name', async ({ name, input }) => {
    for (const text of hostileTexts)
      for (const body of withEachText(input, text)) {
        const answer = await host.post(`/v1/calls/${name}`, body, { token: tokens['trainer'] ?? null });
        expect(holdsEscapes(answer.text)).toBe(false);
        if (answer.status !== 200) expect([403, 404, 409, 422]).toContain(expectProblem(answer).status);
      }
  });

  it('names no file of this machine unless an admin does', async () => {
    const start = (token: string | undefined, data: unknown, more: object = {}) =>
      host.post('/v1/calls/runs.start', { config: { model: 'lathe-base', data }, ...more }, { token: token ?? null });
    for (const token of [tokens['trainer'], tokens['deployer']]) {
      for (const path of ['/etc/passwd', '../token', 'a/b', 'C:\\x'])
        for (const data of [path, { path }, { path: 'support', eval_path: path }, { path: 'support', chat_template: path }])
          expect(expectProblem(await start(token, data), 422).code).toBe('PATH_FORBIDDEN');
      for (const dir of ['/var/x', 'x', '..']) expect(expectProblem(await start(token, 'support', { dir }), 422).code).toBe('PATH_FORBIDDEN');
    }
    // LATHE_HOME's own files are no data sets.
    for (const name of ['token', 'lathe.db', 'host.json']) expectProblem(await start(tokens['trainer'], name), 404);
    expect(expectProblem(await start(host.admin, '../token'), 422).code).toBe('PATH_FORBIDDEN');
    for (const name of ['models.add', 'datasets.add', 'registry.import'])
      for (const path of ['token', '/etc/passwd'])
        expect(expectProblem(await host.post(`/v1/calls/${name}`, { name: 'x', path }, { token: tokens['trainer'] ?? null }), 422).code).toBe('PATH_FORBIDDEN');
    const byGuide = { model_name: '/etc/passwd', dataset_name: 'support' };
    expect(expectProblem(await host.post('/v1/training/start', byGuide, { token: tokens['trainer'] ?? null }), 422).code).toBe('PATH_FORBIDDEN');
  });

  it('leaves the store as it was', async () => {
    const { runs } = (await host.post('/v1/calls/runs.list', { limit: 1_000 })).json() as { runs: Run[] };
    expect(runs.every(({ dir }) => dir.startsWith(join(host.home, 'runs')))).toBe(true);
    expect((await host.ask('/health')).status).toBe(200);
    expect(readFileSync(join(host.home, 'token'), 'utf8').trim()).toBe(host.admin);
  });
});

describe('fields that name files', () => {
  /** Looks like a file's name and is none. */
  const others = new Set(['directory', 'direction', 'models_path', 'source']);

  it('are all known to the public door', () => {
    const names = new Set<string>();
    const walk = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') Object.entries(value as object).forEach(([name, each]) => JSON.stringify(each).includes('"string"') && names.add(name));
        walk(value);
      }
    };
    for (const { input } of Object.values(calls)) walk(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
    const suspicious = [...names].filter((name) => /path|dir|file|folder|template|adapter|model$|^data$|^to$|source/.test(name));
    expect(suspicious.filter((name) => !fileFields.has(name) && !others.has(name))).toEqual([]);
  });
});
