/** A host with something to show: a model and rows on the shelves, two short runs of the demo, one of them a version, scores of both, a schedule, the version deployed to this machine. Made through its public door. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deploymentIsActive } from '../../../shared/domain/deployment.ts';
import { freePort } from '../../support/localai-server.ts';
import { callHost, scoreWhole, trainWhole, type CallHost } from './call-host.ts';
import { serve, type Served } from './serve.ts';
import type { Subjects } from '../views.ts';

export interface FilledHome extends Served {
  readonly subjects: Subjects;
  readonly call: CallHost;
}

const name = 'support-routing';
const subjects = { model: 'tiny-demo-base', dataset: 'tickets-to-route', schedule: 'nightly' };
const samples = join(import.meta.dirname, '..', '..', '..', 'resources', 'benchmarks', 'samples');

export async function filledHome(): Promise<FilledHome> {
  const served = await serve();
  const call = callHost(served);
  const { demo } = await call('host.about', {});
  await call('models.add', { name: subjects.model, path: demo.config.model ?? '' });
  await call('datasets.add', { name: subjects.dataset, path: demo.config.data?.path ?? '' });
  const train = (label: string, rank: number): Promise<string> => {
    const training = { ...demo.config.training, max_steps: 30, eval_steps: 10, sample_prompts: ['Where is my parcel?'], sample_steps: 15 };
    return trainWhole(call, { name: label, config: { ...demo.config, lora: { ...demo.config.lora, rank, alpha: rank * 2 }, training } });
  };
  const runs = [await train('first try', 4), await train('second try', 8)].toReversed();
  const { version } = await call('registry.register', { name, run: runs[0] ?? '', description: 'Sorts support mails into seven queues.', tags: ['demo'] });
  await call('registry.setState', { name, version, state: 'candidate' });
  cpSync(samples, join(served.home, 'benchmarks'), { recursive: true });
  const models = [subjects.model, `${name}@${version}`];
  const { benchmark, scores } = await scoreWhole(call, { models, benchmarks: ['arc_easy', 'piqa'] });
  const [base = '', , tuned = ''] = scores;
  await call('schedules.add', { name: subjects.schedule, rules: { cron_expression: '0 2 * * *', models, benchmarks: ['arc_easy'] } });
  const deployment = await deployHere(call, `${name}@${version}`);
  return { ...served, call, subjects: { ...subjects, runs, deployment, version: { name, version }, benchmark, scores: [base, tuned] } };
}

/** To this machine, and waits until it has ended one way or the other. */
async function deployHere(call: CallHost, model: string): Promise<string> {
  const target = 'this-machine';
  await call('targets.save', { target: { kind: 'embedded', name: target, environment: 'staging', require_approval: false, port: await freePort() } });
  await call('targets.check', { target });
  const { deployment } = await call('deployments.start', { model, target, config: { step_pause: '2s', health_check_interval: '1s' } });
  while (deploymentIsActive((await call('deployments.get', { deployment })).state)) await pause(pollMs);
  return deployment;
}

const pollMs = 200;
