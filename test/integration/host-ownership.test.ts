/** Who owns a LATHE_HOME, seen from outside: commands that meet, hosts that are killed, stopped or relieved, and what is left on the disk. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, isRunning, LatheCli, waitFor, type CliEnd, type CliOptions } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf } from '../support/tiny-runs.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const endless = ['--max-steps', '100000', '--epochs', '100000', '--batch-size', '2', '--num-workers', '1', '--save-steps', '5'];
const short = ['--max-steps', '3', '--num-workers', '1'];
const startMs = 60_000;

let [model, data, home] = ['', '', ''];
let count = 0;
const started: LatheCli[] = [];

function lathe(args: readonly string[], options: CliOptions = {}): LatheCli {
  const cli = new LatheCli(args, { ...options, env: { LATHE_HOME: home, ...options.env } });
  started.push(cli);
  return cli;
}
const train = (args: readonly string[], options?: CliOptions): LatheCli => lathe(['train', '--json', '--model', model, '--data', data, ...args], options);
const ask = (...args: readonly string[]): Promise<CliEnd> => lathe(args).ended;
interface Listed {
  readonly run: string;
  readonly state: string;
  readonly pid: number | null;
}
async function list(): Promise<readonly Listed[]> {
  const end = await ask('run', 'list', '--json');
  return (eventsOf(end, 'done')[0]?.['runs'] ?? []) as readonly Listed[];
}
const runOf = (cli: LatheCli): string => String(eventsOf(cli, 'start')[0]?.['run']);
const hostFile = (): { readonly pid: number; readonly kind: string } | null =>
  existsSync(join(home, 'host.json')) ? (JSON.parse(readFileSync(join(home, 'host.json'), 'utf8')) as { pid: number; kind: string }) : null;
const hasStepped = (cli: LatheCli): Promise<boolean> => waitFor(() => stepsOf(cli).length > 0, startMs);

/** A host in the background, whose process this test did not start itself. */
async function endHost(): Promise<void> {
  const host = hostFile();
  if (host === null || !isRunning(host.pid)) return;
  process.kill(host.pid, 'SIGKILL');
  await waitFor(() => !isRunning(host.pid), 10_000);
}

beforeAll(async () => {
  model = await writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'rows.jsonl'), 60);
});
beforeEach(() => (home = join(folder, `home-${(count += 1)}`)));
afterEach(async () => {
  await endHost();
  for (const cli of started.splice(0)) {
    cli.signal('SIGCONT');
    await cli.killAll();
  }
});

describe.skipIf(process.platform === 'win32')('a LATHE_HOME', { timeout: 240_000 }, () => {
  it('takes two commands at once: the second attaches, and list and stop work through the first', async () => {
    const first = train(endless);
    expect(await hasStepped(first)).toBe(true);
    const second = train(short);
    await expect.poll(list, { timeout: startMs }).toMatchObject([{ state: expect.any(String) }, { state: 'running' }]);
    const end = await ask('run', 'stop', '--json', runOf(first));
    expect(end, end.stderr).toMatchObject({ code: 0 });
    const [stopped, trained] = [await first.ended, await second.ended];
    expect(stopped).toMatchObject({ code: 130 });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    expect(stepsOf(trained)).toEqual([1, 2, 3]);
    expect((await list()).map(({ state }) => state)).toEqual(['done', 'cancelled']);
    expect(hostFile()).toBeNull();
  });

  it('keeps a host as long as a command is attached to it', async () => {
    const first = train(['--max-steps', '40', '--epochs', '100', '--num-workers', '2', '--batch-size', '2']);
    expect(await hasStepped(first)).toBe(true);
    const second = train(['--max-steps', '40', '--epochs', '100', '--num-workers', '2', '--batch-size', '2']);
    const [one, two] = [await first.ended, await second.ended];
    expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
    expect(stepsOf(two)).toHaveLength(40);
  });

  it('has a run left to a host in the background, with none there before, and takes a second one there', async () => {
    const first = await train([...endless, '--detach']).ended;
    expect(first, first.stderr).toMatchObject({ code: 0 });
    expect(hostFile()).toMatchObject({ kind: 'detached' });
    const second = await train([...short, '--detach']).ended;
    expect(second, second.stderr).toMatchObject({ code: 0 });
    await expect.poll(async () => (await list()).map(({ state }) => state).sort(), { timeout: startMs }).toEqual(['done', 'running']);
    const run = (await list()).find(({ state }) => state === 'running')?.run ?? '';
    expect(await ask('run', 'stop', run)).toMatchObject({ code: 0 });
    // With nothing left it ends by itself.
    await expect.poll(hostFile, { timeout: 60_000 }).toBeNull();
  });

  it('says clearly that its host was killed, and the next command finds everything and goes on', async () => {
    const host = train(endless);
    expect(await hasStepped(host)).toBe(true);
    const attached = train(endless);
    await expect.poll(async () => (await list()).length, { timeout: startMs }).toBe(2);
    process.kill(host.pid, 'SIGKILL');
    const end = await attached.ended;
    expect(end.code, end.stderr).toBe(6);
    expect(end.stderr.trim().split('\n').at(-1)).toMatch(/^lathe: The host that owns .* went away: .*\. Run the command again/);
    await host.ended;
    const states = new Map((await list()).map(({ run, state }) => [run, state]));
    expect(states.get(runOf(host))).toBe('interrupted');
    states.delete(runOf(host));
    // Whether the other had begun depends on the cores of this machine.
    expect(['queued', 'interrupted']).toContain([...states.values()].join());
    const again = lathe(['run', 'resume', '--json', runOf(host)]);
    expect(await hasStepped(again)).toBe(true);
    expect(stepsOf(again)[0]).toBeGreaterThan(1);
  });

  it('says who holds it where that process is stopped, and goes on when it does', async () => {
    const host = train(endless);
    expect(await hasStepped(host)).toBe(true);
    host.signal('SIGSTOP');
    const refused = await ask('run', 'list');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`in use by process ${host.pid} (command), which does not answer`);
    host.signal('SIGCONT');
    expect(await list()).toMatchObject([{ state: 'running' }]);
  });

  it('may have a long path', async () => {
    home = join(folder, ...Array.from({ length: 12 }, (_, i) => `a-folder-with-a-rather-long-name-${i}`));
    const first = train(endless);
    expect(await hasStepped(first)).toBe(true);
    expect(await list()).toMatchObject([{ state: 'running' }]);
  });

  it.each([
    ['garbage', '{"pid": "none"'],
    ['empty', ''],
    [
      'of a process that is gone',
      JSON.stringify({
        pid: 999_999_999,
        ticks: null,
        kind: 'serve',
        version: '0',
        contract: 1,
        started: new Date().toISOString(),
        socket: '/nowhere.sock',
        secret: 'x',
      }),
    ],
    [
      'of another process with the number',
      JSON.stringify({
        pid: process.pid,
        ticks: '1',
        kind: 'serve',
        version: '0',
        contract: 99,
        started: new Date().toISOString(),
        socket: '/nowhere.sock',
        secret: 'x',
      }),
    ],
  ])('does not trip over a host.json that is %s', async (_, text) => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'host.json'), text);
    const end = await train(short).ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect(await list()).toMatchObject([{ state: 'done' }]);
    expect(hostFile()).toBeNull();
  });

  it('is hosted by one `serve` alone; another says which', async () => {
    const first = lathe(['serve', '--port', '0']);
    await expect.poll(hostFile, { timeout: startMs }).toMatchObject({ kind: 'serve', pid: first.pid });
    const second = await lathe(['serve', '--port', '0']).ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`is hosted by process ${first.pid} already (serve)`);
    first.signal('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  it('is taken over by `serve` when a command’s host ends, which says that it waits', async () => {
    const command = train(endless);
    expect(await hasStepped(command)).toBe(true);
    const serve = lathe(['serve', '--port', '0']);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(hostFile()).toMatchObject({ kind: 'command' });
    await ask('run', 'stop', runOf(command));
    await command.ended;
    await expect.poll(hostFile, { timeout: startMs }).toMatchObject({ kind: 'serve', pid: serve.pid });
    serve.signal('SIGTERM');
    const end = await serve.ended;
    expect(end.stderr).toContain(`is hosted by process ${command.pid} (command) until its work is done; waiting for that`);
    expect(end.code).toBe(0);
  });
});
