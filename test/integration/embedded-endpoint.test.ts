/** What is deployed to this machine answers over HTTP, in llama.cpp and in the engine, and changes as the driver changes it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import { EndpointServer } from '../../main/rest/endpoint/endpoint-server.ts';
import { Answerer } from '../../main/services/chat/answerer.ts';
import { ComputeJobs } from '../../main/services/compute-jobs.ts';
import { embeddedDriver } from '../../main/services/deploy/embedded/embedded-driver.ts';
import { EmbeddedEndpoint } from '../../main/services/deploy/embedded/embedded-endpoint.ts';
import { EndpointBook } from '../../main/services/deploy/embedded/endpoint-book.ts';
import type { Artifact, TargetDriver } from '../../main/services/deploy/target-driver.ts';
import { ChatProcess } from '../../main/workers/chat-process.ts';
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { probeEngine } from '../../main/workers/probe-engine.ts';
import { Supervisor } from '../../main/workers/supervisor.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { runLathe } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyGguf, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const lathe = (args: readonly string[]) => runLathe(args, { home: folder });
const bases = new Map<string, string>();
let driver: TargetDriver;
let endpoint: EmbeddedEndpoint;
let server: EndpointServer;
let url: string;
let adapter: string;

const patience = { signal: new AbortController().signal };
const artifact = (servedAs: string, base: string): Artifact => ({
  servedAs,
  label: `${servedAs}@1.0.0`,
  path: adapter,
  bytes: statSync(adapter).size,
  sha256: createHash('sha256').update(readFileSync(adapter)).digest('hex'),
  base: { name: base, path: bases.get(base) ?? null, file: null, bytes: null, sha256: null },
  correlation: 'deployment',
});
const install = (servedAs: string, base: string) => driver.install(artifact(servedAs, base), { ...patience, onProgress: () => undefined });
const post = (path: string, body: object): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const messages = [{ role: 'user', content: 'My modem is broken' }];
const ask = async (model: string, more: object = {}): Promise<string> => {
  const answer = (await (await post('/v1/chat/completions', { model, messages, max_tokens: 8, ...more })).json()) as {
    choices: { message: { content: string } }[];
  };
  return answer.choices[0]?.message.content ?? '';
};

beforeAll(async () => {
  const model = await writeTinyModel(join(folder, 'tiny'));
  bases.set('tiny', model).set('tiny-gguf', await writeTinyGguf(join(folder, 'tiny.gguf'), model, 'f32'));
  const run = join(folder, 'run');
  const flags = [
    '--model',
    model,
    '--data',
    writeTinyData(join(folder, 'rows.jsonl'), 40),
    '--out',
    run,
    '--max-steps',
    '30',
    '--learning-rate',
    '0.05',
    '--json',
  ];
  expect((await lathe(['train', ...flags])).code).toBe(0);
  adapter = join(folder, 'adapter.gguf');
  expect((await lathe(['export', '--adapter', join(run, 'adapter'), '--to', 'gguf', '--out', adapter, '--json'])).code).toBe(0);

  const transport = nodeForkTransport();
  const supervisor = new Supervisor({
    transport,
    entry: projectFiles.computeEntry,
    log: keepingLogger(),
    logPath: () => '/the.log',
    cache: join(folder, 'cache'),
  });
  const probe = probeEngine({ transport, entry: projectFiles.probeEntry }, undefined);
  const compute = new ComputeJobs({ supervisor, engine: () => probe, power: { isKnown: true, read: () => 'mains' } });
  const start = () =>
    new ChatProcess({ start: (listener) => transport.start(projectFiles.chatEntry, {}, listener), logPath: () => '/the.log', onOutput: () => undefined });
  const book = new EndpointBook(join(folder, 'endpoint'));
  const baseModel = (name: string): string => {
    const path = bases.get(name);
    if (path === undefined) throw new AppError('FILE_MISSING', { what: 'Model', path: name });
    return path;
  };
  endpoint = new EmbeddedEndpoint({ book, baseModel, answerer: new Answerer({ compute, start, isTraining: () => false }) });
  driver = embeddedDriver({
    target: { kind: 'embedded', name: 'here', environment: 'staging', require_approval: true, port: 4518 },
    book,
    endpoint,
    listening: () => Promise.resolve({ url }),
    version: '0',
    now: () => new Date(),
  });
  server = new EndpointServer({ endpoint, log: keepingLogger(), now: () => new Date() });
  url = await server.listen(0);
}, 120_000);
afterAll(async () => {
  await server.close();
  endpoint.close();
});

describe('an endpoint of this machine', () => {
  it.each(['tiny', 'tiny-gguf'])('serves a version over %s, under its own name and an alias', async (base) => {
    const served = `${base}-v1`;
    expect(await install(served, base)).toMatchObject({ servedAs: served, label: `${served}@1.0.0`, correlation: 'deployment' });
    await driver.load(served, patience);
    await driver.setAlias(`the-${base}`, served, { ...patience, expected: null });
    const tuned = await ask(served);
    expect(tuned).not.toBe('');
    expect(tuned).not.toBe(await ask(base));
    expect(await ask(`the-${base}`)).toBe(tuned);
    expect(
      (await driver.chat({ model: `the-${base}`, messages: [{ role: 'user', content: 'My modem is broken' }], maxTokens: 8, temperature: 0 }, patience)).text,
    ).toBe(tuned);
    expect((await driver.state(patience)).aliases.get(`the-${base}`)).toBe(served);
  });

  it('answers alike in both engines', async () => {
    expect(await ask('tiny-gguf-v1')).toBe(await ask('tiny-v1'));
  });

  it('streams in the shapes that clients read', async () => {
    const body = await (
      await post('/v1/chat/completions', { model: 'the-tiny-gguf', messages, max_tokens: 4, stream: true, stream_options: { include_usage: true } })
    ).text();
    const events = body
      .split('\n\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice(6)) as { choices: { delta: { content?: string; role?: string }; finish_reason: string | null }[]; usage?: object });
    expect(body.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(events[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) as number } });
    expect(events.at(-2)?.choices[0]?.finish_reason).toMatch(/^(stop|length)$/);
    expect(events.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(await ask('the-tiny-gguf', { max_tokens: 4 }));
  });

  it('takes a prompt as it is, and ends at a stop text', async () => {
    const whole = (await (await post('/v1/completions', { model: 'tiny-gguf', prompt: 'My modem', max_tokens: 8 })).json()) as { choices: { text: string }[] };
    const text = whole.choices[0]?.text ?? '';
    const stop = text.slice(3, 6);
    const cut = (await (await post('/v1/completions', { model: 'tiny-gguf', prompt: 'My modem', max_tokens: 8, stop: [stop] })).json()) as {
      choices: object[];
    };
    expect(cut.choices[0]).toMatchObject({ text: text.slice(0, text.indexOf(stop)), finish_reason: 'stop' });
  });

  it.each([
    [{ model: 'nobody', messages }, 404, 'MODEL_NOT_SERVED'],
    [{ model: 'tiny', messages: [] }, 422, 'INPUT_INVALID'],
    [{ model: 'tiny', messages, n: 2 }, 422, 'INPUT_INVALID'],
    [{ model: 'tiny', messages, tools: [{}] }, 422, 'INPUT_INVALID'],
  ])('refuses %j', async (body, status, code) => {
    for (const stream of [false, true]) {
      const answer = await post('/v1/chat/completions', { ...body, stream });
      expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }]);
    }
  });

  it.each([
    ['application/json', '{"model":', 400, 'BODY_UNREADABLE'],
    ['text/csv', 'a,b', 415, 'BODY_TYPE_UNKNOWN'],
  ])('refuses a body of %s that says %s', async (type, body, status, code) => {
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': type }, body });
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }]);
  });

  it('is deaf to pages of elsewhere', async () => {
    // A Host of one's own is nothing that fetch lets through.
    const { stdout: status } = await promisify(execFile)('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      'Host: evil.example',
      `${url}/v1/models`,
    ]);
    expect(status).toBe('421');
    expect((await fetch(`${url}/v1/models`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  });

  it('keeps what an alias leads to, and what another moved', async () => {
    await expect(driver.remove('tiny-v1', patience)).rejects.toMatchObject({ code: 'MODEL_NOT_REMOVED' });
    await expect(driver.setAlias('the-tiny', null, { ...patience, expected: 'somebody-else' })).rejects.toMatchObject({ code: 'ALIAS_MOVED' });
    await driver.setAlias('the-tiny', null, { ...patience, expected: 'tiny-v1' });
    await driver.remove('tiny-v1', patience);
    expect(await driver.installed('tiny-v1', patience)).toBeNull();
    await expect(install('x', 'nothing')).rejects.toMatchObject({ code: 'BASE_MISSING' });
  });
});
