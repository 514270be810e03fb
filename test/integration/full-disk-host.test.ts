/** A disk that fills up while a host lives: the run ends with what to do, host and database stay whole, and it goes on once there is room. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../compute/train/checkpoint.ts';
import { Database } from '../../main/store/database.ts';
import type { RunDetails } from '../../shared/contracts/run-calls.ts';
import { HttpHost, type SseEvent } from '../support/http-host.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { fillDisk, mountDisk, unmountDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const training = { max_steps: 60, max_epochs: 100, batch_size: 4, gradient_accumulation: 2, save_steps: 3 };
const ended = ['done', 'failed', 'cancelled', 'interrupted'];
const hasEnded = ({ event, data }: SseEvent): boolean => event === 'run.changed' && ended.includes(String(data['state']));
let config: unknown;
let host: HttpHost | null = null;
const disks = [mountDisk(4), mountDisk(24)];

beforeAll(async () => {
  const [model, path] = [await writeTinyModel(join(folder, 'model')), writeTinyData(join(folder, 'rows.jsonl'), 200)];
  config = { model, data: { path }, lora: { rank: 16 }, training };
});
afterEach(async () => {
  await host?.kill();
  host = null;
});
afterAll(() => disks.forEach(unmountDisk));

const call = (name: string, input: unknown) => host?.post(`/v1/calls/${name}`, input) ?? Promise.reject(new Error('no host'));
const details = async (run: string): Promise<RunDetails> => (await call('runs.get', { run })).json() as unknown as RunDetails;
const adapterIn = (dir: string): Buffer => readFileSync(join(dir, 'adapter', 'adapter_model.safetensors'));

/** Starts a run and fills the disk at its first checkpoint; the checkpoints that were told of. */
async function fillUnder(disk: string, { home, dir }: { readonly home: string; readonly dir: string }): Promise<{ run: string; saved: string[] }> {
  host = await HttpHost.start(home);
  const saved: string[] = [];
  const full = host.events('/v1/events?events=run.logged,run.changed', (event) => {
    const lines = event.event === 'run.logged' ? (event.data['lines'] as { event: string; path?: string }[]) : [];
    for (const line of lines) if (line.event === 'checkpoint') saved.push(line.path ?? '');
    if (saved.length > 0 && !existsSync(join(disk, 'filler'))) fillDisk(disk);
    return lines.some((line) => line.event === 'error') || hasEnded(event);
  });
  const { run } = (await call('runs.start', { config, dir })).json() as { run: string };
  await full;
  return { run, saved };
}

async function goOn(run: string): Promise<void> {
  const done = host?.events('/v1/events?events=run.changed', hasEnded);
  expect((await call('runs.resume', { run })).status).toBe(200);
  await done;
  expect((await details(run)).state).toBe('done');
}

/** The host answers, and what it wrote is whole. */
async function requireWhole(home: string): Promise<void> {
  expect((await host?.ask('/health/training'))?.status).toBe(200);
  const database = new Database(join(home, 'lathe.db'), keepingLogger(), { readonly: true });
  expect(database.pragma('integrity_check')).toBe('ok');
  database.close();
  expect((await call('audit.verify', {})).json()).toMatchObject({ broken: null });
}

describe('a disk that fills up during a checkpoint', { timeout: 180_000 }, () => {
  let whole: Buffer;
  beforeAll(async () => {
    host = await HttpHost.start(join(folder, 'undisturbed'));
    const done = host.events('/v1/events?events=run.changed', hasEnded);
    await call('runs.start', { config, dir: join(folder, 'whole') });
    await done;
    whole = adapterIn(join(folder, 'whole'));
    await host.end();
    host = null;
  }, 120_000);

  it('ends the run that lies there, and nothing else', async (context) => {
    const [disk] = disks;
    if (disk === null || disk === undefined) return context.skip('no disk can be mounted here');
    const [home, dir] = [join(folder, 'home'), join(disk, 'run')];
    const { run, saved } = await fillUnder(disk, { home, dir });
    const failed = await details(run);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL', facts: { needBytes: expect.any(String) } } });
    expect(String(failed.error?.facts['path'])).toContain(disk);
    await requireWhole(home);
    expect(saved.filter((path) => existsSync(path)).map(problemOf)).toContain(null);
    expect(existsSync(join(dir, 'adapter'))).toBe(false);
    rmSync(join(disk, 'filler'));
    await goOn(run);
    expect(adapterIn(dir).equals(whole)).toBe(true);
  });

  it('under the LATHE_HOME itself: the end is written down once there is room', async (context) => {
    const disk = disks[1];
    if (disk === null || disk === undefined) return context.skip('no disk can be mounted here');
    const home = join(disk, 'home');
    const dir = join(home, 'runs', 'run');
    const { run, saved } = await fillUnder(disk, { home, dir });
    expect((await host?.ask('/health/training'))?.status).toBe(200);
    const written = host?.events('/v1/events?events=run.changed', hasEnded);
    rmSync(join(disk, 'filler'));
    if (!ended.includes((await details(run)).state)) await written;
    expect(await details(run)).toMatchObject({ state: 'failed', error: { code: 'DISK_FULL' } });
    await requireWhole(home);
    expect(saved.filter((path) => existsSync(path)).map(problemOf)).toContain(null);
    await goOn(run);
    expect(adapterIn(dir).equals(whole)).toBe(true);
  });
});
