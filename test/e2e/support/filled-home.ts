/**
 * A host with something to show: a model and rows on the shelves, two short runs of the demo, one of them a version, scores of both, a schedule. Made through
 * its public door once a test run, and backed up; whoever needs one restores it into a home of its own.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeFileAtomically } from '../../../main/platform/atomic-files.ts';
import { lockFile } from '../../../main/store/lock-file.ts';
import { deploymentIsActive } from '../../../shared/domain/deployment.ts';
import { freePort } from '../../support/localai-server.ts';
import { placeOfTestRun } from '../../support/place-of-test-run.ts';
import { callHost, scoreWhole, trainWhole, type CallHost } from './call-host.ts';
import { serve, type Served } from './serve.ts';
import type { Subjects } from '../views.ts';

export interface FilledHome extends Served {
  readonly subjects: Subjects;
  readonly call: CallHost;
}

const root = join(import.meta.dirname, '..', '..', '..');
const samples = join(root, 'resources', 'benchmarks', 'samples');
const name = 'support-routing';
const subjects = { model: 'tiny-demo-base', dataset: 'tickets-to-route', schedule: 'nightly' };
const pollMs = 200;

/** `deploys`: its version is deployed to this machine too. */
export async function filledHome({ deploys = false } = {}): Promise<FilledHome> {
  const place = await filledPlace();
  const home = mkdtempSync(join(tmpdir(), 'lathe-e2e-'));
  await promisify(execFile)(process.execPath, [join(root, 'main/cli/bin.js'), 'restore', join(place, 'backup')], { env: { ...process.env, LATHE_HOME: home } });
  copyFileSync(join(place, 'token'), join(home, 'token'));
  const served = await serve({ home });
  const call = callHost(served);
  const known = JSON.parse(readFileSync(join(place, 'subjects.json'), 'utf8')) as Subjects;
  const deployment = deploys ? await deployHere(call, `${name}@${known.version.version}`) : '';
  const end = async (): Promise<void> => {
    await served.end();
    rmSync(home, { recursive: true, force: true });
  };
  return { ...served, call, subjects: { ...known, deployment }, end };
}

/** Filled by the first who comes; the others wait for him. */
async function filledPlace(): Promise<string> {
  const place = placeOfTestRun('filled-home');
  for (;;) {
    if (existsSync(join(place, 'subjects.json'))) return place;
    const lock = lockFile(join(place, 'filling'));
    if (lock === null) await pause(pollMs);
    else await fill(place).finally(() => lock.release());
  }
}

async function fill(place: string): Promise<void> {
  if (existsSync(join(place, 'subjects.json'))) return;
  const served = await serve();
  try {
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
    await call('store.backup', { to: join(place, 'backup') });
    copyFileSync(served.token, join(place, 'token'));
    const filled: Subjects = { ...subjects, runs, deployment: '', version: { name, version }, benchmark, scores: [base, tuned] };
    writeFileAtomically(join(place, 'subjects.json'), JSON.stringify(filled));
  } finally {
    await served.end();
  }
}

/** To this machine, and waits until it has ended one way or the other. */
async function deployHere(call: CallHost, model: string): Promise<string> {
  const target = 'this-machine';
  await call('targets.save', { target: { kind: 'embedded', name: target, environment: 'staging', require_approval: false, port: await freePort() } });
  await call('targets.check', { target });
  const { deployment } = await call('deployments.start', { model, target, config: { step_pause: '1s', health_check_interval: '500ms' } });
  while (deploymentIsActive((await call('deployments.get', { deployment })).state)) await pause(pollMs);
  return deployment;
}
