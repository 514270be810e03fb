/** A canary by weight: the command line, a real proxy, and two thousand callers who are counted at each of its steps. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProxyServer } from '../../main/proxy/proxy-server.ts';
import { SplitBook } from '../../main/proxy/split-book.ts';
import type { DeploymentDetails } from '../../shared/domain/deployment.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { layOut } from '../support/localai-contract.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';
import { runLathe } from '../support/run-lathe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const entry = join(import.meta.dirname, '..', 'support', 'lathe.ts');
const key = 'a key of sixteen characters';
const env = { LATHE_SECRET_KEY: 'a passphrase' };
const config = 'deployment:\n  step_pause: 1s\n  health_check_interval: 500ms\n  validation_enabled: false\n';
const callers = Array.from({ length: 2_000 }, (_, index) => `caller-${index}`);
let standin: LocalAiStandin;
let proxy: ProxyServer;
let url: string;

const lathe = async (args: string): Promise<Record<string, unknown>> => {
  const ended = await runLathe([...args.split(' '), '--json'], { home, env });
  expect(`${args}: ${ended.stderr}`).toBe(`${args}: `);
  return ended.json().at(-1) ?? {};
};
const deploy = (version: string, file: string): string => `deploy --model support@${version} --target desk --alias bot --config ${file}`;
const newest = async (): Promise<DeploymentDetails> => {
  const { deployments } = (await lathe('deployment list')) as { deployments: DeploymentDetails[] };
  return (await lathe(`deployment status ${deployments[0]?.deployment ?? ''}`))['deployment'] as DeploymentDetails;
};

/** The callers whom the new version answers. */
async function askAll(servedAs: string): Promise<ReadonlySet<string>> {
  const chosen = new Set<string>();
  const ask = async (user: string): Promise<void> => {
    const body = JSON.stringify({ model: 'bot', user, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 1 });
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await answer.text();
    expect(answer.status).toBe(200);
    if (answer.headers.get('x-lathe-served-by') === servedAs) chosen.add(user);
  };
  for (let at = 0; at < callers.length; at += 20) await Promise.all(callers.slice(at, at + 20).map(ask));
  return chosen;
}

async function setSecret(name: string, value: string): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'secret', 'set', name], {
    cwd: home,
    env: { ...process.env, ...env, LATHE_HOME: join(home, 'lathe') },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(`${value}\n`);
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
}

beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  const laid = layOut(folder);
  standin = await LocalAiStandin.start({ folder: laid.models });
  proxy = new ProxyServer({ upstream: standin.url, book: new SplitBook(join(folder, 'splits.json')), key, log: keepingLogger() });
  url = await proxy.listen('127.0.0.1', 0);
  writeFileSync(join(home, 'quick.yaml'), config);
  writeFileSync(join(home, 'canary.yaml'), `${config}  strategy: canary\n  canary_steps: [10, 25, 50, 75, 100]\n  confirm_steps: true\n`);
  for (const [version, seed] of [['1.0.0', 1] as const, ['1.1.0', 2] as const]) {
    const { path } = await laid.artifact(`adapter-${version}`, seed);
    await lathe(`registry import support --number ${version} --adapter ${path} --model lathe-base`);
  }
  await setSecret('proxy-key', key);
  await lathe(`target add desk --environment staging --server one=${standin.url} --no-approval --base-config tiny --proxy ${url} --proxy-secret proxy-key`);
  await lathe(`${deploy('1.0.0', 'quick.yaml')} --yes`);
}, 180_000);
afterAll(async () => {
  await proxy.close(500);
  await standin.down();
});

it('gives each step the share that it asks for, and takes no caller back', { timeout: 240_000 }, async () => {
  const serve = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'serve', '--port', '0', '--json'], {
    cwd: home,
    env: { ...process.env, ...env, LATHE_HOME: join(home, 'lathe') },
    stdio: 'ignore',
  });
  try {
    await lathe(`${deploy('1.1.0', 'canary.yaml')} --detach`);
    const shares = new Map<number, number>();
    let before: ReadonlySet<string> = new Set();
    for (let now = await newest(); now.state !== 'done'; now = await newest()) {
      expect(['running', 'waiting']).toContain(now.state);
      if (now.state === 'waiting') {
        if (now.traffic > 0 && now.traffic < 100 && !shares.has(now.traffic)) {
          const chosen = await askAll(now.served_as);
          shares.set(now.traffic, (100 * chosen.size) / callers.length);
          expect([...before].filter((caller) => !chosen.has(caller))).toEqual([]);
          before = chosen;
        }
        await lathe(`deployment confirm ${now.deployment}`);
      }
      await pause(200);
    }
    expect([...shares.keys()]).toEqual([10, 25, 50, 75]);
    for (const [asked, given] of shares) expect(Math.abs(asked - given)).toBeLessThan(2);
    const end = await newest();
    expect(standin.alias('bot')).toBe(end.served_as);
  } finally {
    serve.kill('SIGINT');
    await new Promise((resolve) => serve.once('exit', resolve));
  }
});
