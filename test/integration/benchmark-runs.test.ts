/** Benchmark runs from outside: by command and over HTTP, what they refuse, beside a training, through a kill of their host, and on a full disk. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import type { BenchmarkRunDetails } from '../../shared/contracts/benchmark-calls.ts';
import { HttpHost, type SseEvent } from '../support/http-host.ts';
import { runLathe, type Ended } from '../support/run-lathe.ts';
import { fillDisk, mountDisk, unmountDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const samples = join(projectFiles.benchmarks, 'samples');
const many = join(folder, 'many');
const disk = mountDisk(8);
const patient = { timeout: 180_000 };
let host: HttpHost | null = null;

beforeAll(() => {
  const rows = readFileSync(join(samples, 'arc_easy.jsonl'), 'utf8').trim().split('\n');
  const items = Array.from({ length: 2_000 }, (_, i) => {
    const row = JSON.parse(rows[i % rows.length] ?? '') as Record<string, unknown>;
    return JSON.stringify({ ...row, id: `item-${i}`, question: `${i}. ${String(row['question'])}` });
  });
  rmSync(many, { recursive: true, force: true });
  writeTasks({ 'arc_easy.jsonl': items.join('\n'), 'boolq.jsonl': '{"question":"q","passage":"p"}\n', 'piqa.jsonl': '' });
});
afterEach(async () => {
  await host?.kill();
  host = null;
});
afterAll(() => unmountDisk(disk));

function writeTasks(files: Readonly<Record<string, string>>): void {
  mkdirSync(many, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(many, name), text);
}

const lathe = (args: readonly string[]): Promise<Ended> => runLathe(['benchmark', ...args], { home: folder });
const score = (...args: readonly string[]): Promise<Ended> => lathe(['run', '--models', 'lathe-base', ...args, '--json']);
const lastOf = (ended: Ended): Record<string, unknown> => ended.json().at(-1) ?? {};
const call = (name: string, input: unknown) => host?.post(`/v1/calls/${name}`, input) ?? Promise.reject(new Error('no host'));
const details = async (run: string): Promise<BenchmarkRunDetails> => (await call('benchmarks.get', { run })).json() as unknown as BenchmarkRunDetails;
const hasEnded = ({ event, data }: SseEvent): boolean => event === 'benchmark.changed' && !['queued', 'running'].includes(String(data['state']));
const isAtWork = ({ event, data }: SseEvent): boolean => event === 'benchmark.scored' && data['state'] === 'running' && Number(data['done']) > 0;
const listen = (is: (event: SseEvent) => boolean): Promise<unknown> =>
  host?.events('/v1/events?events=benchmark.changed,benchmark.scored', is) ?? Promise.resolve();
const recordsOf = ({ dir }: BenchmarkRunDetails): Buffer => readFileSync(join(dir, '1-arc_easy.jsonl'));

describe('benchmarks by command', patient, () => {
  it('are scored, listed, looked into and removed', async () => {
    const out = join(folder, 'out');
    const ended = await score('--benchmarks', 'boolq,arc_easy', '--data', samples, '--out', out, '--parallel', '2');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const { run, results } = lastOf(ended) as { run: string; results: unknown[] };
    expect(results).toMatchObject([
      { subject: 'lathe-base', task: 'boolq', items: 8, metrics: [{ name: 'acc' }] },
      { subject: 'lathe-base', task: 'arc_easy', items: 12, metrics: [{ name: 'acc' }, { name: 'acc_norm' }] },
    ]);
    expect(ended.json().map(({ event }) => event)).toEqual(expect.arrayContaining(['start', 'progress', 'scored', 'done']));
    expect(readdirSync(out).sort()).toEqual(['1-boolq.jsonl', '1-boolq.result.json', '2-arc_easy.jsonl', '2-arc_easy.result.json', 'benchmark.yaml']);
    expect((await lathe(['list'])).stdout).toMatch(new RegExp(`${run}\\s+done\\s+2/2\\s+lathe-base\\s+boolq, arc_easy`));
    expect((await lathe(['results', run])).stdout).toMatch(/lathe-base\s+boolq\s+acc \d+\.\d % ± \d+\.\d %\s+8/);
    const wrong = lastOf(await lathe(['items', `${run}.2`, '--wrong', '--json'])) as { items: { correct: { acc: number } }[]; total: number };
    expect([wrong.items.length, wrong.items.every(({ correct }) => correct.acc === 0)]).toEqual([wrong.total, true]);
    expect((await lathe(['remove', run])).code).toBe(0);
    expect((await lathe(['results', run])).stderr).toBe(`lathe: There is no benchmark run ${run}. \`lathe benchmark list\` shows what there is.\n`);
  });

  it('go on in a host in the background, which stays until they are made', async () => {
    const started = lastOf(await score('--benchmarks', 'arc_easy', '--data', many, '--detach')) as { run: string };
    const state = async (): Promise<unknown> => lastOf(await lathe(['results', started.run, '--json']))['state'];
    await expect.poll(state, { timeout: 120_000, interval: 2_000 }).toBe('done');
  });

  it.each([
    ['a model that is not there', ['--models', 'none', '--benchmarks', 'arc_easy'], 3, 'FILE_MISSING'],
    ['a version that is not there', ['--models', 'none@1.0.0', '--benchmarks', 'arc_easy'], 2, 'VERSION_UNKNOWN'],
    ['a task that is not known', ['--benchmarks', 'none'], 2, 'BENCHMARK_UNKNOWN'],
    ['a task without items', ['--benchmarks', 'hellaswag'], 3, 'BENCHMARK_DATA_MISSING'],
    ['an adapter that is not there', ['--benchmarks', 'arc_easy', '--adapter', 'none'], 3, 'FILE_MISSING'],
    ['no task', [], 2, 'USAGE'],
  ])('are refused before anything is queued: %s', async (_, args, code, name) => {
    const ended = await lathe(['run', ...(args.includes('--models') ? [] : ['--models', 'lathe-base']), ...args, '--data', many, '--json']);
    expect([ended.code, ended.json()]).toMatchObject([code, [{ event: 'error', code: name }]]);
    expect(ended.stderr).toMatch(/^lathe: [^\n]+\n$/);
  });

  it.each([
    ['an item lacks a field', 'boolq', 'BENCHMARK_ITEM_INVALID'],
    ['there are no items', 'piqa', 'DATASET_EMPTY'],
  ])('fail where %s', async (_, task, code) => {
    const ended = await score('--benchmarks', task, '--data', many);
    expect([ended.code, lastOf(ended)]).toMatchObject([3, { event: 'error', code }]);
    expect(ended.stderr).toMatch(/^lathe: [^\n]+\n$/);
  });
});

describe('benchmarks over HTTP', patient, () => {
  it('are queued, told of and answered', async () => {
    host = await HttpHost.start(join(folder, 'http'));
    const ended = listen(hasEnded);
    const queued = await host.post('/v1/benchmarks/run', { model: 'lathe-base', benchmarks: ['arc_easy'], data_folder: samples, limit: 5 });
    const { run_id: run } = queued.json();
    expect([queued.status, queued.headers.location]).toEqual([202, `/v1/benchmarks/results/${String(run)}`]);
    await ended;
    const results = await host.ask(String(queued.headers.location));
    expect(results.json()).toMatchObject({ run_id: run, state: 'done', scores: [{ result: { items: 5, limit: 5 } }] });
    expect((await host.ask('/health/benchmarks')).json()).toEqual({ status: 'ok', queued: 0, active: 0 });
    const removing = { run };
    const stale = await host.post('/v1/calls/benchmarks.remove', removing, { headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    expect((await host.post('/v1/calls/benchmarks.remove', removing, { headers: { 'if-match': String(results.headers.etag) } })).status).toBe(200);
    expect((await host.ask(String(queued.headers.location))).status).toBe(404);
  });

  it('are made beside a training on the same cores', async () => {
    host = await HttpHost.start(join(folder, 'beside'));
    host.addDataset('support', projectFiles.demoTrain);
    const config = { model: 'lathe-base', data: { path: 'support' }, training: { max_steps: 100_000 }, cpu_optimization: { num_workers: 1 } };
    const training = (await call('runs.start', { config })).json();
    const isTraining = async (): Promise<boolean> => {
      const { state, step } = (await call('runs.status', { run: training['run'] })).json();
      return state === 'running' && Number(step) > 0;
    };
    await expect.poll(isTraining, { timeout: 60_000 }).toBe(true);
    const ended = listen(hasEnded);
    const { run } = (await call('benchmarks.start', { models: ['lathe-base'], benchmarks: ['arc_easy'], data_folder: samples })).json() as { run: string };
    await ended;
    expect([(await details(run)).state, await isTraining()]).toEqual(['done', true]);
  });
});

describe('a benchmark run', patient, () => {
  it('goes on after its host was killed, and comes to the same records', async () => {
    const home = join(folder, 'killed');
    host = await HttpHost.start(home);
    await call('settings.set', { name: 'resume_interrupted', value: true });
    const request = { models: ['lathe-base'], benchmarks: ['arc_easy'], data_folder: many };
    const whole = listen(hasEnded);
    const undisturbed = (await call('benchmarks.start', request)).json() as { run: string };
    await whole;
    const before = await details(undisturbed.run);
    const atWork = listen((event) => isAtWork(event));
    const { run } = (await call('benchmarks.start', request)).json() as { run: string };
    await atWork;
    await host.kill();
    host = await HttpHost.start(home);
    await expect.poll(async () => (await details(run)).state, { timeout: 120_000 }).toBe('done');
    const after = await details(run);
    expect(after.scores[0]?.result?.resumed_items).toBeGreaterThan(0);
    expect(after.scores[0]?.result?.metrics).toEqual(before.scores[0]?.result?.metrics);
    expect(recordsOf(after).equals(recordsOf(before))).toBe(true);
  });

  it.skipIf(disk === null)('fails on a full disk in one line, and goes on once there is room', async () => {
    host = await HttpHost.start(String(disk));
    const atWork = listen((event) => isAtWork(event) || hasEnded(event));
    const { run } = (await call('benchmarks.start', { models: ['lathe-base'], benchmarks: ['arc_easy'], data_folder: many })).json() as { run: string };
    await atWork;
    fillDisk(String(disk));
    // The store has no room either: how the score ended is written once there is some.
    await pause(5_000);
    expect((await host.ask('/health')).status).toBe(200);
    rmSync(join(String(disk), 'filler'));
    await expect.poll(async () => (await details(run)).state, { timeout: 60_000 }).toBe('failed');
    expect((await details(run)).error?.code).toBe('DISK_FULL');
    const ended = listen(hasEnded);
    expect((await call('benchmarks.resume', { run })).status).toBe(200);
    await ended;
    const { state, dir } = await details(run);
    expect([state, existsSync(join(dir, '1-arc_easy.result.json'))]).toEqual(['done', true]);
  });
});
