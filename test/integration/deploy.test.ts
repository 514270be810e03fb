/** Deployments by the command line: against a stand-in whose caller is killed at calls of it, and against a real LocalAI where there is one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentDetails } from '../../shared/domain/deployment.ts';
import { layOut, type LaidOut } from '../support/localai-contract.ts';
import { startLocalAi, whyNoLocalAi, type LocalAiServer } from '../support/localai-server.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';
import { runLathe } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minutes = 60_000;
const entry = join(import.meta.dirname, '..', 'support', 'lathe.ts');
const quick = 'deployment:\n  step_pause: 1s\n  health_check_interval: 500ms\n';
/** The stand-in neither counts tokens nor answers as the engine here does. */
const unseen = '  validation_enabled: false\n';

interface Place {
  readonly home: string;
  readonly laid: LaidOut;
  readonly url: string;
}

const lathe = async ({ home }: Pick<Place, 'home'>, args: string): Promise<Record<string, unknown>> => {
  const ended = await runLathe([...args.split(' '), '--json'], { home });
  expect(`${args}: ${ended.stderr}`).toBe(`${args}: `);
  return ended.json().at(-1) ?? {};
};

/** Two versions of `support` and the target `desk`. */
async function settle({ home, laid, url }: Place, config = quick): Promise<void> {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'quick.yaml'), config);
  for (const [number, seed] of [['1.0.0', 1] as const, ['1.1.0', 2] as const]) {
    const { path } = await laid.artifact(`adapter-${number}`, seed);
    await lathe({ home }, `registry import support --number ${number} --adapter ${path} --model lathe-base`);
  }
  await lathe({ home }, `target add desk --environment staging --server one=${url} --no-approval --base-config tiny`);
}

const deployArgs = (version: string): string => `deploy --model support@${version} --target desk --alias bot --config quick.yaml --yes`;
const newest = async (place: Pick<Place, 'home'>): Promise<DeploymentDetails> => {
  const { deployments } = (await lathe(place, 'deployment list')) as { deployments: DeploymentDetails[] };
  return (await lathe(place, `deployment status ${deployments[0]?.deployment ?? ''}`))['deployment'] as DeploymentDetails;
};

describe('a caller that is killed', () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  let standin: LocalAiStandin;
  let first: DeploymentDetails;

  beforeAll(async () => {
    const laid = layOut(folder);
    standin = await LocalAiStandin.start({ folder: laid.models });
    await settle({ home, laid, url: standin.url }, `${quick}${unseen}`);
    await lathe({ home }, deployArgs('1.0.0'));
    first = await newest({ home });
    expect(first.state).toBe('done');
  }, 3 * minutes);
  afterAll(() => standin.down());

  it.each(['POST /models/apply', 'POST /backend/load', 'POST /v1/chat/completions', 'PATCH /api/models/config-json/bot'])(
    'at %s leaves what the next host brings to its end',
    async (call) => {
      standin.faults.push({ at: call, how: 'hang', times: 1 });
      const heard = standin.heard.length;
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...deployArgs('1.1.0').split(' ')], {
        cwd: home,
        env: { ...process.env, LATHE_HOME: join(home, 'lathe') },
        stdio: 'ignore',
      });
      await untilHeard(call, heard, child);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      expect((await newest({ home })).state).toBe('running');
      // Its next host; what waits for a word is told to go on.
      for (let state = 'running'; state === 'running' || state === 'waiting'; { state } = await newest({ home })) {
        if (state === 'waiting') await lathe({ home }, `deployment confirm ${(await newest({ home })).deployment} --yes`);
        else await runLathe(['serve', '--until-idle'], { home });
      }
      const end = await newest({ home });
      expect(end.state).toBe('done');
      expect(standin.alias('bot')).toBe(end.served_as);
      const { servings } = (await lathe({ home }, 'deployment history --target desk --alias bot')) as { servings: { served_as: string; to: string | null }[] };
      expect(servings.filter(({ to }) => to === null).map(({ served_as }) => served_as)).toEqual([end.served_as]);
      await lathe({ home }, `deployment rollback ${end.deployment} --reason tried`);
      expect(standin.alias('bot')).toBe(first.served_as);
    },
    3 * minutes,
  );

  async function untilHeard(call: string, from: number, child: ChildProcess): Promise<void> {
    while (!standin.heard.slice(from).some((each) => each.call.startsWith(call))) {
      expect(child.exitCode).toBeNull();
      await pause(20);
    }
  }
});

describe.skipIf(whyNoLocalAi !== null)('a real LocalAI', () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  let server: LocalAiServer;

  beforeAll(async () => {
    const laid = layOut(folder);
    server = await startLocalAi({ models: laid.models });
    await settle({ home, laid, url: server.url });
  }, 3 * minutes);
  afterAll(() => server.stop());

  it('gets a version that answers as the engine here does, and gives it back', { timeout: 5 * minutes }, async () => {
    await lathe({ home }, deployArgs('1.0.0'));
    const first = await newest({ home });
    const [check] = first.steps.find(({ kind }) => kind === 'validate')?.evidence['checks'] as { name: string; verdict: string; like_adapted: number }[];
    expect(check).toMatchObject({ name: 'adapter', verdict: 'pass' });
    expect(check?.like_adapted).toBeGreaterThan(0.9);
    await lathe({ home }, deployArgs('1.1.0'));
    const second = await newest({ home });
    expect([second.state, second.previous]).toEqual(['done', { one: first.served_as }]);
    const other = join(folder, 'reinstalled');
    mkdirSync(other);
    await lathe({ home: other }, `target add desk --environment staging --server one=${server.url} --no-approval --base-config tiny`);
    await lathe({ home: other }, 'target check desk');
    await lathe({ home: other }, `deployment rollback ${second.deployment} --reason reinstalled`);
    const { drift } = ((await lathe({ home }, 'target check desk')) as { target: { drift: { what: string; found: string }[] } }).target;
    expect(drift).toContainEqual(expect.objectContaining({ what: 'alias_moved', found: first.served_as }));
  });
});
