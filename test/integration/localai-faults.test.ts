/** What a server can do wrong, at every call: each act then fails in words, leaves nothing half done, and may be asked for again. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactHost } from '../../main/services/deploy/artifact-host/artifact-host.ts';
import type { Artifact, TargetDriver } from '../../main/services/deploy/target-driver.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import { artifactOf, driverFor, filesIn, layOut, patience, testKey } from '../support/localai-contract.ts';
import { LocalAiStandin, type StandinOptions } from '../support/localai-standin/standin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Scene {
  readonly standin: LocalAiStandin;
  readonly driver: TargetDriver;
  readonly models: string;
  readonly one: Artifact;
  readonly end: () => Promise<void>;
}

const folder = temporaryFolder();

async function scene(options: Partial<StandinOptions> = {}, target: Record<string, unknown> = {}): Promise<Scene> {
  const own = mkdtempSync(join(folder, 'scene-'));
  const { models, base } = layOut(own);
  const path = join(own, 'adapter.gguf');
  writeFileSync(path, `GGUF of an adapter ${own}`);
  const standin = await LocalAiStandin.start({ folder: models, key: testKey, ...options });
  standin.behaviour.cooldownMs = 300;
  const host = new ArtifactHost();
  const end = async (): Promise<void> => {
    await standin.down();
    await host.close();
  };
  return { standin, driver: driverFor(standin.url, host, target), models, one: artifactOf(path, { name: 'support-v1', base }), end };
}

const hello = { messages: [{ role: 'user', content: 'hello there' }] as const, maxTokens: 8, temperature: 0 };
const codeOf = (acting: Promise<unknown>): Promise<string> =>
  acting.then(
    () => 'done',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );

describe('a server that misbehaves', () => {
  let at: Scene;
  beforeEach(async () => {
    at = await scene();
  });
  afterEach(() => at.end());

  /** The whole way; each act may be asked for again. */
  const acts: readonly (readonly [string, (one: Artifact, driver: TargetDriver) => Promise<unknown>])[] = [
    ['base', (one, driver) => driver.findBase(one.base, patience())],
    ['install', (one, driver) => driver.install(one, patience())],
    ['load', (one, driver) => driver.load(one.servedAs, patience())],
    ['score', (one, driver) => driver.score({ model: one.servedAs, prompt: 'some words', candidates: [' a'] }, patience())],
    ['chat', (one, driver) => driver.chat({ ...hello, model: one.servedAs }, patience())],
    ['alias', (one, driver) => driver.setAlias('support', one.servedAs, { ...patience(), expected: null })],
    ['alias back', (_, driver) => driver.setAlias('support', 'tiny', { ...patience(), expected: 'support-v1' })],
    ['alias away', (_, driver) => driver.setAlias('support', null, { ...patience(), expected: 'tiny' })],
    ['unload', (one, driver) => driver.unload(one.servedAs, patience())],
    ['remove', (one, driver) => driver.remove(one.servedAs, patience())],
    ['state', (_, driver) => driver.state(patience())],
  ];

  it.each(['drop', 'drop-after'] as const)('%s at every call: the act is done, or says so and is done when asked again', { timeout: 120_000 }, async (how) => {
    const before = filesIn(at.models);
    const calls = new Set<string>();
    for (const [, act] of acts) await act(at.one, at.driver);
    at.standin.heard.forEach(({ call }) => calls.add(call.replace(/[0-9a-f]{8}-[0-9a-f-]{27}$/, '').replace(/lathe-asks-.*$/, '')));
    expect(calls.size).toBeGreaterThan(15);
    for (const call of calls) {
      for (const [name, act] of acts) {
        at.standin.faults.splice(0, Infinity, { at: call, how, times: 1 });
        const first = await codeOf(act(at.one, at.driver));
        expect(['done', 'REMOTE_UNREACHABLE'], `${how} at ${call} during ${name}`).toContain(first);
        at.standin.faults.splice(0);
        if (first !== 'done') expect([name, await codeOf(act(at.one, at.driver))], `after ${how} at ${call}`).toEqual([name, 'done']);
      }
      expect(filesIn(at.models), `${how} at ${call}`).toEqual(before);
    }
  });

  it('that does not know the key is told apart at each act', async () => {
    const other = await scene({ key: 'another-key' });
    for (const [name, act] of acts) expect([name, await codeOf(act(other.one, other.driver))]).toEqual([name, 'REMOTE_DENIED']);
    const report = await other.driver.check(patience());
    expect(report).toMatchObject({ state: 'failed', auth: 'key', problems: [expect.stringMatching(/refuses this key.*lathe secret set/) as string] });
    await other.end();
  });

  it('that lets the key do less than an admin’s is told apart', async () => {
    at.standin.faults.push({ at: 'GET /models/jobs', how: 'status', status: 403, body: { error: 'admin access required' } });
    const report = await at.driver.check(patience());
    expect(report).toMatchObject({ state: 'failed', problems: [expect.stringMatching(/admin access required.*admin key/) as string] });
  });

  it.each([
    ['garbage', 'REMOTE_ANSWER_INVALID'],
    ['redirect', 'REMOTE_ANSWER_INVALID'],
  ] as const)('that answers with %s is no LocalAI', async (how, code) => {
    at.standin.faults.push({ at: '', how });
    for (const [name, act] of acts.filter(([one]) => one !== 'chat' || how !== 'garbage'))
      expect([name, await codeOf(act(at.one, at.driver))]).toEqual([name, code]);
    expect((await at.driver.check(patience())).state).toBe('failed');
  });

  it('whose administration hangs: the name is looked at, and moved when it answers again', { timeout: 40_000 }, async () => {
    await at.driver.install(at.one, patience());
    await at.driver.setAlias('support', 'tiny', { ...patience(), expected: null });
    at.standin.faults.push({ at: 'PATCH ', how: 'hang', times: 1 });
    await at.driver.setAlias('support', 'support-v1', { ...patience(), expected: 'tiny' });
    expect(at.standin.alias('support')).toBe('support-v1');
  });

  it('that moves the name and does not answer has moved it', async () => {
    await at.driver.install(at.one, patience());
    await at.driver.setAlias('support', 'tiny', { ...patience(), expected: null });
    at.standin.faults.push({ at: 'PATCH ', how: 'drop-after' });
    await at.driver.setAlias('support', 'support-v1', { ...patience(), expected: 'tiny' });
    expect(at.standin.alias('support')).toBe('support-v1');
  });

  it('with a full disk says so, and keeps nothing', async () => {
    const before = filesIn(at.models);
    at.standin.behaviour.diskFull = true;
    await expect(at.driver.install(at.one, patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringContaining('no space left') as string,
    });
    expect(filesIn(at.models)).toEqual(before);
  });

  it('whose disk has filled up gives back what is there', async () => {
    const before = filesIn(at.models);
    await at.driver.install(at.one, patience());
    await at.driver.load(at.one.servedAs, patience());
    at.standin.behaviour.diskFull = true;
    await at.driver.unload(at.one.servedAs, patience());
    await at.driver.remove(at.one.servedAs, patience());
    expect(at.standin.backend.loaded).toEqual([]);
    expect(filesIn(at.models)).toEqual(before);
  });

  it('whose recipe is not where it should be gets the adapter by an import, without its source', async () => {
    at.standin.faults.push({ at: 'POST /models/import', how: 'status', status: 400, body: { error: 'no such names' }, times: 1 });
    await at.driver.install(at.one, patience());
    expect(at.standin.heard.map(({ call }) => call)).not.toContain('POST /models/apply');
    expect(at.standin.models.get('support-v1')).toMatchObject({ download_files: [], lora_scale: 1 });
    expect((await at.driver.installed('support-v1', patience()))?.adapterFile).toMatch(/^support-v1-/);
    expect(filesIn(at.models).join()).toContain('base/lathe/support-v1-');
  });

  it('that was left in the middle of an import gets the file now', async () => {
    await at.driver.install(at.one, patience());
    const config = at.standin.models.get('support-v1') ?? {};
    await at.driver.remove('support-v1', patience());
    at.standin.addModel({ ...config, download_files: [{ filename: 'base/lathe/x', sha256: '', uri: 'http://127.0.0.1:9/gone' }] });
    await at.driver.install(at.one, patience());
    await at.driver.load('support-v1', patience());
    expect(at.standin.models.get('support-v1')?.['download_files'] ?? []).toEqual([]);
  });

  it('that fails an import has its configuration cleared away', async () => {
    const before = filesIn(at.models);
    at.standin.faults.push({ at: 'POST /models/import', how: 'status', status: 400, body: { error: 'no such names' }, times: 1 });
    await expect(at.driver.install({ ...at.one, sha256: 'f'.repeat(64) }, patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringContaining('SHA mismatch') as string,
    });
    expect(filesIn(at.models)).toEqual(before);
    expect((await at.driver.state(patience())).models).toEqual(['tiny']);
  });

  it('makes a name although the download of another model fails', async () => {
    await at.driver.install(at.one, patience());
    at.standin.addModel({ name: 'theirs', backend: 'llama-cpp', parameters: { model: 'x' }, download_files: [{ filename: 'x', uri: 'http://127.0.0.1:9/x' }] });
    await at.driver.setAlias('support', 'support-v1', { ...patience(), expected: null });
    expect(at.standin.alias('support')).toBe('support-v1');
  });

  it('that is started anew meanwhile has forgotten the job, and is asked again', async () => {
    at.standin.faults.push({
      at: 'GET /models/jobs/',
      how: 'status',
      status: 500,
      body: { error: { code: 500, message: 'could not find any status for ID' } },
    });
    expect(await codeOf(at.driver.install({ ...at.one }, patience()))).toBe('ARTIFACT_NOT_FETCHED');
    at.standin.faults.splice(0);
    expect(await codeOf(at.driver.install(at.one, patience()))).toBe('done');
  });

  it('answers with an error inside its stream', async () => {
    at.standin.behaviour.failingShare = 1;
    await expect(at.driver.chat({ ...hello, model: 'tiny' }, patience())).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringContaining('EOF') as string,
    });
    await expect(at.driver.chat({ ...hello, model: 'nobody' }, patience())).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringContaining('not found') as string,
    });
  });

  it('cannot score, or only some of its models', async () => {
    at.standin.behaviour.canScore = false;
    expect(await at.driver.score({ model: 'tiny', prompt: 'a b', candidates: [' c'] }, patience())).toBeNull();
    at.standin.faults.push({ at: 'POST /api/score', how: 'status', status: 404, body: { error: { code: 404, message: 'Resource not found' } } });
    expect(await at.driver.score({ model: 'tiny', prompt: 'a b', candidates: [' c'] }, patience())).toBeNull();
  });

  it('is left at once when the deployment is stopped, with its download given up', async () => {
    const slow = await scene({ pausesMs: [20_000, 20_000] });
    const before = filesIn(slow.models);
    const stop = new AbortController();
    const installing = slow.driver.install({ ...slow.one, sha256: 'f'.repeat(64) }, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(installing).rejects.toThrow('enough');
    expect(slow.standin.heard.at(-1)?.call).toMatch(/^POST \/api\/operations\/.*\/cancel$/);
    await expect.poll(() => [...slow.standin.jobs.states.values()].map(({ error }) => error)).toEqual(['context canceled']);
    expect(filesIn(slow.models)).toEqual(before);
    await slow.end();
  });

  it('is gone, and comes back', async () => {
    await at.standin.down();
    for (const [name, act] of acts) expect([name, await codeOf(act(at.one, at.driver))]).toEqual([name, 'REMOTE_UNREACHABLE']);
    const report = await at.driver.check(patience());
    expect(report).toMatchObject({ state: 'failed', problems: [expect.stringContaining('nothing listens there') as string] });
    await at.standin.up();
    for (const [name, act] of acts) expect([name, await codeOf(act(at.one, at.driver))]).toEqual([name, 'done']);
  }, 60_000);

  it('never sees the key but in its header, nor does anybody read it in a failure', async () => {
    for (const [, act] of acts) await act(at.one, at.driver);
    expect(at.standin.heard.filter(({ headers }) => headers['authorization'] === `Bearer ${testKey}`).length).toBeGreaterThan(15);
    expect(at.standin.heard.filter(({ call, body }) => `${call} ${body}`.includes(testKey))).toEqual([]);
    at.standin.faults.push({ at: '', how: 'status', status: 500, body: { error: 'broken' } });
    for (const [, act] of acts) {
      const failure = await act(at.one, at.driver).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: 'REMOTE_FAILED' });
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(testKey);
    }
  });
});

describe('the artifact', () => {
  it('that the server cannot reach is told with what was seen of it', async () => {
    const at = await scene({}, { delivery: { how: 'serve', address: '127.0.0.77', port: 0 } });
    const before = filesIn(at.models);
    expect((await at.driver.check(patience())).problems).toEqual([expect.stringContaining('no address 127.0.0.77') as string]);
    await expect(at.driver.install(at.one, patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringContaining('nobody asked this machine') as string,
    });
    expect(filesIn(at.models).filter((file) => !file.endsWith('.partial'))).toEqual(before);
    await at.end();
  });

  it('is not to be had after the install', async () => {
    const at = await scene();
    await at.driver.install(at.one, patience());
    const asked = at.standin.heard.find(({ call }) => call === 'POST /models/apply');
    const { files } = JSON.parse(asked?.body ?? '{}') as { files: { uri: string }[] };
    await expect(fetch(files[0]?.uri ?? '')).rejects.toThrow();
    await at.end();
  });
});

describe('a server that is set up otherwise', () => {
  it.each([
    [{ gallery: false }, { can: { install: false }, state: 'failed' }, 'LOCALAI_DISABLE_GALLERY_ENDPOINT'],
    [{ webui: false }, { can: { install: true, alias: true, patch: false }, state: 'limited' }, 'LOCALAI_DISABLE_WEBUI'],
    [{ aliases: false }, { can: { alias: false }, state: 'failed' }, 'too old'],
    [{ distributed: true }, { distributed: true, state: 'failed' }, 'spreads models over nodes'],
    [{ backends: ['piper'] }, { can: { score: false } }, 'llama-cpp'],
    [{ key: null }, { auth: 'none', state: 'ok' }, ''],
  ] as const)('%j', async (options, report, problem) => {
    const at = await scene(options);
    const found = await at.driver.check(patience());
    expect(found).toMatchObject(report);
    expect(found.problems.join('\n')).toContain(problem);
    expect(at.standin.heard.filter(({ call }) => !call.startsWith('GET '))).toEqual([]);
    await at.end();
  });

  it('is told to need a key before it refuses', async () => {
    const at = await scene({}, { secret: null });
    expect(await at.driver.check(patience())).toMatchObject({
      state: 'failed',
      auth: 'key',
      problems: [expect.stringContaining('It asks for a key') as string],
    });
    await at.end();
  });

  it('gets no adapter where it spreads models over nodes', async () => {
    const at = await scene({ distributed: true });
    await expect(at.driver.install(at.one, patience())).rejects.toMatchObject({ code: 'REMOTE_FAILED', message: expect.stringContaining('nodes') as string });
    await at.end();
  });

  it('keeps its reasons to itself, and fails all the same', async () => {
    const at = await scene({ opaqueErrors: true });
    await expect(at.driver.install({ ...at.one, sha256: 'f'.repeat(64) }, patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringContaining('an error occurred') as string,
    });
    await expect(at.driver.chat({ ...hello, model: 'nobody' }, patience())).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringContaining('gives no reason') as string,
    });
    await at.end();
  });

  it('has little memory left', async () => {
    const at = await scene();
    at.standin.behaviour.memoryFreeBytes = 100 * 2 ** 20;
    expect((await at.driver.check(patience())).problems).toEqual([expect.stringContaining('100 MiB of memory left') as string]);
    await at.end();
  });
});
