/** A host with something to show: two short runs of the demo, one of them a version. Made through its public door. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallName, InputOf, OutputOf } from '../../../shared/contracts/calls.ts';
import { isEnded } from '../../../shared/domain/run-state.ts';
import { serve, type Served } from './serve.ts';
import type { Subjects } from '../views.ts';

export interface FilledHome extends Served {
  readonly subjects: Subjects;
  call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
}

const name = 'support-routing';

export async function filledHome(): Promise<FilledHome> {
  const served = await serve();
  const token = readFileSync(served.token, 'utf8').trim();
  const call = async <N extends CallName>(which: N, input: InputOf<N>): Promise<OutputOf<N>> => {
    const response = await fetch(`${served.url}/v1/calls/${which}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as OutputOf<N>;
    if (!response.ok) throw new Error(`${which}: ${JSON.stringify(body)}`);
    return body;
  };
  const { demo } = await call('host.about', {});
  const train = async (label: string, rank: number): Promise<string> => {
    const training = { ...demo.config.training, max_steps: 30, eval_steps: 10, sample_prompts: ['Where is my parcel?'], sample_steps: 15 };
    const { run } = await call('runs.start', { name: label, config: { ...demo.config, lora: { ...demo.config.lora, rank, alpha: rank * 2 }, training } });
    for (;;) {
      const { state } = await call('runs.status', { run });
      if (isEnded(state)) return run;
      await pause(200);
    }
  };
  const runs = [await train('first try', 4), await train('second try', 8)].toReversed();
  const { version } = await call('registry.register', { name, run: runs[0] ?? '', description: 'Sorts support mails into seven queues.', tags: ['demo'] });
  await call('registry.setState', { name, version, state: 'candidate' });
  return { ...served, call, subjects: { runs, version: { name, version } } };
}
