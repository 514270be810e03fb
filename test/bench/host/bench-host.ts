/** Starts a host and a long run of the embedded model, and measures them under load. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpHost } from '../../support/http-host.ts';
import { measureHost, type HostFigures, type HostLoad } from './measure-host.ts';

const rows = join(import.meta.dirname, '..', '..', '..', 'resources', 'datasets', 'support-routing', 'train.jsonl');

/** `folder` is empty and the caller's to remove. */
export async function benchHost(folder: string, load: HostLoad): Promise<HostFigures> {
  const host = await HttpHost.start(join(folder, 'home'));
  try {
    host.addDataset('support', rows);
    const body = {
      model_name: 'lathe-base',
      dataset_name: 'support',
      config: { max_steps: 1_000_000, epochs: 10_000, save_steps: 1_000_000, eval_steps: 1_000_000 },
    };
    const run = String((await host.post('/v1/training/start', body)).json()['id']);
    await untilTraining(host, run);
    return await measureHost(host, run, load);
  } finally {
    await host.kill();
  }
}

async function untilTraining(host: HttpHost, run: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { step, state } = (await host.ask(`/v1/training/status/${run}`)).json();
    if (Number(step) > 3) return;
    if (state !== 'running' && state !== 'queued') throw new Error(`the run is ${String(state)}`);
    await pause(100);
  }
  throw new Error('the run did not begin');
}
