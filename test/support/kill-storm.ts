/** Hosts and compute processes killed at seeded random moments while runs wait, train and are asked about; at the end everything has to add up. */
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect } from 'vitest';
import { Database } from '../../main/store/database.ts';
import { openStore } from '../../main/store/store.ts';
import { keepingLogger } from './keeping-logger.ts';
import { eventsOf, waitFor, type LatheCli } from './lathe-cli.ts';
import { TinyRuns } from './tiny-runs.ts';

export interface Storm {
  readonly rounds: number;
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
}

interface Listed {
  readonly run: string;
  readonly state: string;
  readonly dir: string;
}

export async function killStorm(folder: string, { rounds, runs: count, steps, seed }: Storm): Promise<void> {
  const settings = [
    ...['--max-steps', String(steps), '--epochs', '1000', '--batch-size', '8', '--gradient-accumulation', '2', '--rank', '4', '--dropout', '0.2'],
    ...['--num-workers', '1', '--schedule', 'constant', '--holdout-fraction', '0.1', '--eval-steps', '9', '--save-steps', '4'],
  ];
  const random = xoroshiro128plus(seed);
  const runs = await TinyRuns.in(folder);
  const whole = await runs.train('whole', settings, { env: { LATHE_HOME: join(folder, 'calm') } }).ended;
  expect(whole, whole.stderr).toMatchObject({ code: 0 });

  let host = runs.lathe(['serve', '--port', '0', '--json']);
  const isUp = (): Promise<boolean> => waitFor(() => eventsOf(host, 'listening').length > 0, 60_000);
  const list = async (): Promise<readonly Listed[]> => {
    const end = await runs.lathe(['run', 'list', '--json']).ended;
    return (eventsOf(end, 'done')[0]?.['runs'] ?? []) as readonly Listed[];
  };
  const resumeAll = async (): Promise<void> => {
    for (const { run, state } of await list()) if (state === 'interrupted') await runs.lathe(['train', '--resume', run, '--detach', '--json']).ended;
  };
  expect(await isUp()).toBe(true);
  const names = Array.from({ length: count }, (_, i) => `run-${i}`);
  for (const name of names) expect(await runs.train(name, [...settings, '--detach']).ended).toMatchObject({ code: 0 });

  for (let round = 0; round < rounds; round += 1) {
    const asking = [list(), list()];
    await pause(uniformInt(random, 0, 900));
    const [compute] = host.computeProcesses();
    const victim = uniformInt(random, 0, 2) === 0 && compute !== undefined ? compute : host.pid;
    kill(victim);
    await Promise.all(asking);
    if (victim !== host.pid) continue;
    await host.ended;
    host = runs.lathe(['serve', '--port', '0', '--json']);
    expect(await isUp()).toBe(true);
    await resumeAll();
  }
  await untilDone(list, resumeAll);
  await end(host);
  requireWhole(runs, { names, steps });
}

async function untilDone(list: () => Promise<readonly Listed[]>, resumeAll: () => Promise<void>): Promise<void> {
  for (;;) {
    const states = (await list()).map(({ state }) => state);
    if (states.every((state) => state === 'done')) return;
    expect(states).not.toContain('failed');
    await resumeAll();
    await pause(500);
  }
}

async function end(host: LatheCli): Promise<void> {
  host.signal('SIGTERM');
  const { code, stderr } = await host.ended;
  expect(code, stderr).toBe(0);
}

/** No run, step or audit row lost or doubled, a sound database, and the bits of the undisturbed run. */
function requireWhole(runs: TinyRuns, { names, steps }: { readonly names: readonly string[]; readonly steps: number }): void {
  const path = join(runs.home, 'lathe.db');
  const database = new Database(path, keepingLogger(), { readonly: true });
  expect(database.pragma('integrity_check')).toBe('ok');
  database.close();
  const store = openStore(path, keepingLogger());
  try {
    const stored = store.runViews.list({ state: null, text: null, limit: 100, after: null }).runs;
    expect(stored.map(({ dir }) => dir).sort()).toEqual(names.map((name) => runs.out(name)).sort());
    expect(store.audit.verify()).toMatchObject({ broken: null });
    const begun = store.audit.list({ limit: 10_000, before: null }).filter(({ action }) => action === 'runs.start');
    expect(begun.map(({ subject }) => subject).sort()).toEqual(stored.map(({ run }) => `run ${run}`).sort());
    for (const { run } of stored) expect(store.runs.metrics(run, 0, 100_000).steps.step).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    for (const name of names) expect(runs.result(name)).toEqual(runs.result('whole'));
  } finally {
    store.close();
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
