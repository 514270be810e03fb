/** What LocalAI must do for the driver, and the driver with it: the same for the real server and for the stand-in. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactHost } from '../../main/services/deploy/artifact-host/artifact-host.ts';
import { localAiDriver } from '../../main/services/deploy/localai/localai-driver.ts';
import type { Artifact, TargetDriver } from '../../main/services/deploy/target-driver.ts';
import { LocalAiTarget } from '../../shared/domain/target.ts';
import { writeRandomAdapter } from './random-gguf-adapter.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const embeddedBase = join(import.meta.dirname, '..', '..', 'resources', 'models', 'lathe-base.gguf');
export const testKey = 'key-of-tests-3f9a';

export interface Ground {
  readonly name: string;
  /** Why it cannot be had here; null if it can. */
  readonly missing: string | null;
  /** Whether it reads a GGUF file to its end. */
  readonly looksInside: boolean;
  /** A server whose models folder is this one, with `testKey`. */
  start(models: string): Promise<{ readonly url: string; stop(): Promise<void> }>;
}

export interface LaidOut {
  readonly models: string;
  readonly base: Artifact['base'];
  readonly artifact: (name: string, seed: number) => Promise<Artifact>;
}

/** A models folder with the embedded base under `base/` and a configuration for it, and adapters that fit it. */
export function layOut(folder: string): LaidOut {
  const models = join(folder, 'models');
  mkdirSync(join(models, 'base'), { recursive: true });
  copyFileSync(embeddedBase, join(models, 'base', 'lathe-base.gguf'));
  writeFileSync(
    join(models, 'tiny.yaml'),
    '# by its operator\nname: tiny\nbackend: llama-cpp\nthreads: 1\ncontext_size: 512\nparameters:\n  model: base/lathe-base.gguf\nknown_usecases: [chat, completion, score]\n',
  );
  const base = { name: 'lathe-base', file: 'lathe-base.gguf', bytes: statSync(embeddedBase).size, sha256: null, path: null };
  const artifact = async (name: string, seed: number): Promise<Artifact> => {
    const path = join(folder, `${name}.gguf`);
    await writeRandomAdapter(path, { base: embeddedBase, seed });
    return artifactOf(path, { name, base });
  };
  return { models, base, artifact };
}

export function artifactOf(path: string, { name, base }: { readonly name: string; readonly base: Artifact['base'] }): Artifact {
  const content = readFileSync(path);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { servedAs: name, label: `support@${name}`, path, bytes: content.length, sha256, base, correlation: 'd-1' };
}

export function driverFor(url: string, host: ArtifactHost, changes: Record<string, unknown> = {}): TargetDriver {
  const target = LocalAiTarget.parse({
    kind: 'localai',
    name: 'tests',
    environment: 'staging',
    servers: [{ name: 'one', url }],
    secret: 'localai',
    ...changes,
  });
  const [server] = target.servers;
  if (server === undefined) throw new Error('no server');
  return localAiDriver({ target, server, host, secrets: { get: () => Promise.resolve(testKey) } });
}

export const patience = (seconds = 120): { signal: AbortSignal; onProgress: () => undefined } => ({
  signal: AbortSignal.timeout(seconds * 1000),
  onProgress: () => undefined,
});

const hello = { messages: [{ role: 'user', content: 'My invoice is wrong.' }] as const, maxTokens: 12, temperature: 0 };

/** Files of a models folder, as they lie there. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

interface Stage extends LaidOut {
  readonly ground: Ground;
  readonly folder: string;
  readonly host: ArtifactHost;
  /** From when the server is there. */
  readonly driver: TargetDriver;
  readonly url: string;
}

export function contractSuite(ground: Ground): void {
  const { missing } = ground;
  describe.skipIf(missing !== null)(`${ground.name}${missing === null ? '' : ` (SKIPPED: ${missing})`}`, { timeout: 180_000 }, () => {
    const folder = temporaryFolder();
    const stage = { ground, folder, host: new ArtifactHost(), ...layOut(folder), url: '', driver: driverFor('http://127.0.0.1:9', new ArtifactHost()) };
    let stop = (): Promise<void> => Promise.resolve();
    beforeAll(async () => {
      const server = await ground.start(stage.models);
      stop = () => server.stop();
      stage.url = server.url;
      stage.driver = driverFor(server.url, stage.host);
    }, 180_000);
    afterAll(async () => {
      await stop();
      await stage.host.close();
    });
    looks(stage);
    movesAdapters(stage);
    movesNames(stage);
    fails(stage);
  });
}

/** What it is and has. */
function looks(stage: Stage): void {
  const { base } = stage;
  it('says what it is', async () => {
    const report = await stage.driver.check(patience());
    expect(report).toMatchObject({ server: 'one', state: 'ok', auth: 'key', distributed: false, problems: [], artifact_address: '127.0.0.1' });
    expect(report.can).toEqual({ install: true, alias: true, score: true, patch: true, resources: true });
    expect(report.memory_free_bytes).toBeGreaterThan(0);
  });

  it('knows the base by name and size, and no other', async () => {
    expect(await stage.driver.findBase(base, patience())).toEqual({ model: 'tiny', verifiedBy: 'name and size' });
    await expect(stage.driver.findBase({ ...base, bytes: base.bytes === null ? null : base.bytes + 1 }, patience())).rejects.toMatchObject({
      code: 'BASE_MISSING',
    });
    await expect(stage.driver.findBase({ ...base, file: 'other.gguf' }, patience())).rejects.toMatchObject({ code: 'BASE_MISSING' });
  });
}

/** Adapters in and out. */
function movesAdapters(stage: Stage): void {
  const { host, models, artifact } = stage;
  it('takes an adapter from its file to an answer, and away again', async () => {
    const [one, two] = [await artifact('a-v1', 1), await artifact('a-v2', 2)];
    const before = filesIn(models);
    const put = await stage.driver.install(one, patience());
    expect(put).toMatchObject({ servedAs: 'a-v1', adapterFile: `a-v1-${one.sha256.slice(0, 12)}.gguf`, label: 'support@a-v1', correlation: 'd-1' });
    expect(await stage.driver.install(one, patience())).toEqual(put);
    expect(await stage.driver.installed('a-v1', patience())).toEqual(put);
    await stage.driver.install(two, patience());
    await stage.driver.load('a-v1', patience());
    await stage.driver.load('a-v2', patience());
    expect(new Set((await stage.driver.state(patience())).loaded)).toEqual(new Set(['a-v1', 'a-v2']));
    // A pin is no change of how it answers.
    expect((await stage.driver.installed('a-v1', patience()))?.fingerprint).toBe(put.fingerprint);
    const answers = await Promise.all(['a-v1', 'a-v2', 'tiny'].map((model) => stage.driver.chat({ ...hello, model }, patience())));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(3);
    const scores = await Promise.all(
      ['a-v1', 'a-v2', 'tiny'].map((model) => stage.driver.score({ model, prompt: 'The first words are', candidates: [' one', ' two'] }, patience())),
    );
    expect(new Set(scores.map((found) => found?.[0])).size).toBe(3);
    expect(answers[0]).toMatchObject({ finish: expect.stringMatching(/stop|length/) as string });
    expect(answers[0]?.firstMs).toBeLessThanOrEqual(answers[0]?.totalMs ?? 0);
    expect(answers[0]?.tokens).toBeGreaterThan(0);
    for (const name of ['a-v1', 'a-v2']) {
      await stage.driver.unload(name, patience());
      await stage.driver.remove(name, patience());
      await stage.driver.remove(name, patience());
      expect(await stage.driver.installed(name, patience())).toBeNull();
    }
    expect(filesIn(models)).toEqual(before);
    expect(readFileSync(join(models, 'tiny.yaml'), 'utf8')).toContain('# by its operator');
  });

  it('takes an adapter from a share', async () => {
    const share = driverFor(stage.url, host, { delivery: { how: 'share', folder: join(models, 'from-lathe'), models_path: 'from-lathe' } });
    const one = await artifact('g-v1', 10);
    const put = await share.install(one, patience());
    expect(put.adapterFile).toBe(`g-v1-${one.sha256.slice(0, 12)}.gguf`);
    await share.load('g-v1', patience());
    expect((await share.chat({ ...hello, model: 'g-v1' }, patience())).text).not.toBe((await share.chat({ ...hello, model: 'tiny' }, patience())).text);
    expect(filesIn(models)).toContain(`from-lathe/${put.adapterFile ?? ''}`);
    await share.remove('g-v1', patience());
  });

  it('refuses a name that is another adapter’s already', async () => {
    await stage.driver.install(await artifact('e-v1', 6), patience());
    await expect(stage.driver.install({ ...(await artifact('e-v1', 7)) }, patience())).rejects.toMatchObject({ code: 'MODEL_NAME_TAKEN' });
    await stage.driver.remove('e-v1', patience());
  });

  it('leaves no key in any file of the server', () => {
    for (const file of filesIn(models).filter((name) => name.endsWith('.yaml'))) expect(readFileSync(join(models, file), 'utf8')).not.toContain(testKey);
  });
}

/** Public names. */
function movesNames(stage: Stage): void {
  const { models, artifact } = stage;
  it('moves a name, and not over what somebody else did', async () => {
    await stage.driver.install(await artifact('b-v1', 3), patience());
    await stage.driver.setAlias('b', 'tiny', { ...patience(), expected: null });
    await stage.driver.setAlias('b', 'b-v1', { ...patience(), expected: 'tiny' });
    await stage.driver.setAlias('b', 'b-v1', { ...patience(), expected: 'tiny' });
    expect((await stage.driver.state(patience())).aliases.get('b')).toBe('b-v1');
    await expect(stage.driver.setAlias('b', 'tiny', { ...patience(), expected: 'b-v0' })).rejects.toMatchObject({
      code: 'ALIAS_MOVED',
      facts: { found: 'b-v1', expected: 'b-v0' },
    });
    await expect(stage.driver.setAlias('tiny', 'b-v1', { ...patience(), expected: null })).rejects.toMatchObject({ code: 'MODEL_NAME_TAKEN' });
    await expect(stage.driver.setAlias('b', 'nobody', { ...patience(), expected: 'b-v1' })).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
    await expect(stage.driver.remove('b-v1', patience())).rejects.toMatchObject({ code: 'MODEL_NOT_REMOVED' });
    expect((await stage.driver.chat({ ...hello, model: 'b' }, patience())).text).toBe((await stage.driver.chat({ ...hello, model: 'b-v1' }, patience())).text);
    await stage.driver.setAlias('b', null, { ...patience(), expected: 'b-v1' });
    await stage.driver.remove('b-v1', patience());
    expect((await stage.driver.state(patience())).models).toEqual(['tiny']);
  });

  it('swaps under eight clients without one request that fails', async () => {
    await stage.driver.install(await artifact('f-v1', 8), patience());
    await stage.driver.install(await artifact('f-v2', 9), patience());
    await stage.driver.load('f-v1', patience());
    await stage.driver.load('f-v2', patience());
    await stage.driver.setAlias('f', 'f-v1', { ...patience(), expected: null });
    const own = new Map(
      await Promise.all(['f-v1', 'f-v2'].map(async (model) => [(await stage.driver.chat({ ...hello, model }, patience())).text, model] as const)),
    );
    expect(own.size).toBe(2);
    let isOver = false;
    const answered = new Map<string, number>();
    const client = async (): Promise<void> => {
      while (!isOver) {
        const { text } = await stage.driver.chat({ ...hello, model: 'f' }, patience());
        answered.set(text, (answered.get(text) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (let flip = 0; flip < 6; flip++) {
      const [from, to] = flip % 2 === 0 ? (['f-v1', 'f-v2'] as const) : (['f-v2', 'f-v1'] as const);
      const seen = [...answered.values()].reduce((sum, count) => sum + count, 0);
      await expect.poll(() => [...answered.values()].reduce((sum, count) => sum + count, 0), { timeout: 60_000 }).toBeGreaterThan(seen + 8);
      await stage.driver.setAlias('f', to, { ...patience(), expected: from });
    }
    isOver = true;
    await Promise.all(clients);
    expect(new Set(answered.keys())).toEqual(new Set(own.keys()));
    await stage.driver.setAlias('f', null, { ...patience(), expected: 'f-v1' });
    for (const name of ['f-v1', 'f-v2']) await stage.driver.remove(name, patience());
  });

  it('keeps the base where the last other model of its file would go', async () => {
    const { text } = await stage.driver.chat({ ...hello, model: 'tiny' }, patience());
    await expect(stage.driver.remove('tiny', patience())).rejects.toMatchObject({ code: 'MODEL_NOT_REMOVED' });
    expect(existsSync(join(models, 'base', 'lathe-base.gguf'))).toBe(true);
    expect((await stage.driver.chat({ ...hello, model: 'tiny' }, patience())).text).toBe(text);
  });
}

/** What goes wrong. */
function fails(stage: Stage): void {
  const { ground, folder, models, base, artifact } = stage;
  it('leaves nothing where the file is another than was registered', async () => {
    const before = filesIn(models);
    const other = { ...(await artifact('c-v1', 4)), sha256: '0'.repeat(64) };
    await expect(stage.driver.install(other, patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringMatching(/SHA|calculated/i) as string,
    });
    expect(filesIn(models)).toEqual(before);
    expect((await stage.driver.state(patience())).models).toEqual(['tiny']);
  });

  it('leaves nothing where it cannot reach the file', async () => {
    const before = filesIn(models);
    const astray = driverFor(stage.url, stage.host, { delivery: { how: 'serve', address: '127.0.0.77', port: 0 } });
    await expect(astray.install(await artifact('c-v3', 12), patience())).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FETCHED',
      message: expect.stringContaining('nobody asked this machine for it') as string,
    });
    // The server itself leaves an empty one, which no call takes away.
    expect(filesIn(models).filter((file) => !file.endsWith('.partial'))).toEqual(before);
    expect((await stage.driver.state(patience())).models).toEqual(['tiny']);
  });

  it('touches nothing where the base is missing', async () => {
    const before = filesIn(models);
    const lost = { ...(await artifact('c-v2', 5)), base: { ...base, file: 'other.gguf' } };
    await expect(stage.driver.install(lost, patience())).rejects.toMatchObject({ code: 'BASE_MISSING' });
    expect(filesIn(models)).toEqual(before);
  });

  it('says why a model is not loaded, also after the first time', async () => {
    const path = join(folder, 'no-gguf.gguf');
    writeFileSync(path, 'this is no GGUF file');
    await stage.driver.install(artifactOf(path, { name: 'd-v1', base }), patience());
    for (const _ of [1, 2]) {
      const failed = await stage.driver.load('d-v1', patience()).then(
        () => null,
        (error: unknown) => error as { code: string; message: string },
      );
      expect(failed).toMatchObject({ code: 'MODEL_NOT_LOADED', message: expect.stringContaining('invalid magic characters') as string });
      expect(failed?.message).not.toContain(models);
    }
    await stage.driver.remove('d-v1', patience());
  });

  if (ground.looksInside) {
    it('does not load half an adapter', async () => {
      const whole = await artifact('h-v1', 11);
      truncateSync(whole.path, Math.floor(whole.bytes / 2));
      await stage.driver.install(artifactOf(whole.path, { name: 'h-v1', base }), patience());
      await expect(stage.driver.load('h-v1', patience())).rejects.toMatchObject({
        code: 'MODEL_NOT_LOADED',
        message: expect.stringMatching(/bounds|corrupted|incomplete/) as string,
      });
      await stage.driver.remove('h-v1', patience());
    });
  }
}
