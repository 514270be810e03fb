/** A run that gives way: paused on battery, with a thread fewer while the user works, at low priority; its bits are the same. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { spareThreads } from '../../compute/tensor/engine-setup.ts';
import { adapterBytes, recordOf, trainInProcess } from '../support/in-process-run.ts';
import { eventsOf, LatheCli, lathe } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
let [model, data] = ['', ''];

beforeAll(async () => {
  model = await writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'rows.jsonl'), 60);
});

describe('a run', { timeout: 120_000 }, () => {
  it('does not begin on battery, goes on by itself on mains, says both, and has the bits of one that never waited', async () => {
    const supplies = join(folder, 'supplies');
    for (const name of ['AC', 'BAT0']) mkdirSync(join(supplies, name), { recursive: true });
    const set = (name: string, fact: string, value: string): void => writeFileSync(join(supplies, name, fact), `${value}\n`);
    set('AC', 'type', 'Mains');
    set('AC', 'online', '0');
    set('BAT0', 'type', 'Battery');
    set('BAT0', 'status', 'Discharging');
    const env = { LATHE_HOME: join(folder, 'home'), LATHE_POWER_SUPPLY: supplies };
    const flags = (out: string): string[] => ['train', '--model', model, '--data', data, '--max-steps', '3', '--out', join(folder, out), '--json'];
    const onEvent = ({ event }: { readonly event: string }): void => {
      if (event === 'pause') set('AC', 'online', '1');
    };
    const waited = await new LatheCli([...flags('waited'), '--pause-on-battery', 'true'], { env, onEvent }).ended;
    expect(waited.code, waited.stderr).toBe(0);
    const kinds = waited.events.map(({ event }) => event).filter((event) => ['pause', 'continue', 'step'].includes(event));
    expect(kinds).toEqual(['pause', 'continue', 'step', 'step', 'step']);
    expect(eventsOf(waited, 'pause')[0]).toMatchObject({ reason: 'battery' });
    // It waited in the queue: its process began with the mains.
    expect(readFileSync(join(folder, 'waited', 'events.jsonl'), 'utf8')).not.toContain('"event":"pause"');

    set('AC', 'online', '0');
    const plain = await lathe(flags('plain'), { env });
    expect(eventsOf(plain, 'pause')).toEqual([]);
    expect(adapterBytes(join(folder, 'waited')).equals(adapterBytes(join(folder, 'plain')))).toBe(true);
    expect(recordOf(join(folder, 'waited')).config.cpu_optimization).toMatchObject({ priority: 'low', spare_thread: true, pause_on_battery: true });
  });

  it('has the same bits when threads come and go between its steps', async () => {
    const config = { training: { max_steps: 4, max_epochs: 10, batch_size: 4, gradient_accumulation: 1 }, cpu_optimization: { num_workers: 3 } };
    await trainInProcess({ folder: join(folder, 'steady'), model, data, config });
    let step = 0;
    await trainInProcess({ folder: join(folder, 'changing'), model, data, config, onEvent: ({ event }) => event === 'step' && spareThreads((step += 1) % 3) });
    spareThreads(0);
    expect(step).toBe(4);
    expect(adapterBytes(join(folder, 'changing')).equals(adapterBytes(join(folder, 'steady')))).toBe(true);
  });
});
