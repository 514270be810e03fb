/** Deployments as they really are: a host that is asked over HTTP, stand-ins for LocalAI in another process, the embedded model; and how a server stands. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import type { DeploymentDetails, Serving } from '../../shared/domain/deployment.ts';
import type { TargetInput } from '../../shared/domain/target.ts';
import { HttpHost } from './http-host.ts';
import { filesIn, layOut, testKey } from './localai-contract.ts';
import { StandinFleet, type FleetServer } from './localai-standin/fleet.ts';
import type { StandinOptions } from './localai-standin/standin.ts';
import { runLathe } from './run-lathe.ts';

/** Quick, and as strict as any. */
export const quick: Partial<DeploymentConfig> = { step_pause: '200ms', health_check_interval: '50ms', rollback_timeout: '90s' };
export const secret = 'localai';

/** What of a server must be as it was, to the letter. */
export interface Standing {
  readonly aliases: Readonly<Record<string, string>>;
  /** Versions; whoever asks for the base brings it into memory. */
  readonly loaded: readonly string[];
  /** By path, with a hash of what is inside. */
  readonly files: readonly string[];
}

export class WholeDeployments {
  readonly fleet: StandinFleet;
  readonly folder: string;
  #host: HttpHost;

  private constructor(folder: string, host: HttpHost, fleet: StandinFleet) {
    [this.folder, this.#host, this.fleet] = [folder, host, fleet];
  }

  /** Two versions of `support` lie in its registry. */
  static async start(folder: string): Promise<WholeDeployments> {
    process.env['LATHE_SECRET_KEY'] = 'a passphrase';
    const host = await HttpHost.start(join(folder, 'home'));
    const made = new WholeDeployments(folder, host, new StandinFleet());
    mkdirSync(join(folder, 'adapters'));
    const { artifact } = layOut(join(folder, 'adapters'));
    for (const [number, seed] of [['1.0.0', 1] as const, ['1.1.0', 2] as const]) {
      const { path } = await artifact(`adapter-${number}`, seed);
      await made.call('registry.import', { name: 'support', version: number, path, model: 'lathe-base' });
    }
    await made.setKey(testKey);
    return made;
  }

  get host(): HttpHost {
    return this.#host;
  }

  /** Of the secret that targets name. */
  async setKey(key: string, name = secret): Promise<void> {
    const ended = await runLathe(['secret', 'set', name], { home: this.folder, env: { LATHE_HOME: join(this.folder, 'home') }, input: `${key}\n` });
    expect(`${ended.code} ${ended.stderr}`).toMatch(/^0 /);
  }

  server(name: string, options: Partial<StandinOptions> = {}): Promise<FleetServer> {
    const { models } = layOut(join(this.folder, name));
    return this.fleet.start(name, { folder: models, key: testKey, ...options });
  }

  async target(name: string, servers: readonly FleetServer[], more: object = {}): Promise<void> {
    const target: TargetInput = {
      ...{ kind: 'localai', name, environment: 'staging', require_approval: false, base_config: 'tiny', secret },
      servers: servers.map((each) => ({ name: each.name, url: each.url })),
      ...more,
    };
    await this.call('targets.save', { target });
  }

  async call<Result = Record<string, unknown>>(name: string, input: object): Promise<Result> {
    const answer = await this.#host.post(`/v1/calls/${name}`, input);
    expect(`${name} ${answer.status} ${answer.status === 200 ? '' : answer.text}`).toBe(`${name} 200 `);
    return answer.json() as Result;
  }

  /** As the guide prints it. Returns its id. */
  async deploy(version: string, target: string, config: Partial<DeploymentConfig> = {}): Promise<string> {
    const answer = await this.#host.post('/v1/deployment/deploy', { model: `support@${version}`, target, alias: 'bot', ...quick, ...config });
    expect(`${answer.status} ${answer.status === 202 ? '' : answer.text}`).toBe('202 ');
    const { id, state } = answer.json() as { id: string; state: string };
    expect([state, answer.headers.location]).toEqual(['running', `/v1/deployment/status/${id}`]);
    return id;
  }

  get(id: string): Promise<DeploymentDetails> {
    return this.call('deployments.get', { deployment: id });
  }

  /** Until nothing goes on with it by itself. */
  async until(
    id: string,
    is: (found: DeploymentDetails) => boolean = ({ state }) => state !== 'running' && state !== 'rolling_back',
  ): Promise<DeploymentDetails> {
    for (;;) {
      const found = await this.get(id);
      if (is(found)) return found;
      await pause(25);
    }
  }

  /** From beginning to end. */
  async whole(version: string, target: string, config: Partial<DeploymentConfig> = {}): Promise<DeploymentDetails> {
    return this.until(await this.deploy(version, target, config));
  }

  async takeBack(id: string): Promise<DeploymentDetails> {
    await this.call('deployments.rollback', { deployment: id, reason: 'for the next test' });
    return this.until(id);
  }

  async answering(target: string): Promise<readonly Serving[]> {
    const { servings } = await this.call<{ servings: Serving[] }>('deployments.history', { target, alias: 'bot' });
    return servings.filter(({ to }) => to === null);
  }

  /** The host and what it started, without a word. */
  async kill(): Promise<void> {
    await this.#host.kill();
  }

  /** Another host. */
  async open(): Promise<void> {
    this.#host = await HttpHost.start(join(this.folder, 'home'));
  }

  async stop(): Promise<void> {
    const { broken } = await this.call<{ broken: unknown }>('audit.verify', {});
    expect(broken).toBeNull();
    await this.#host.kill();
    await this.fleet.stop();
  }
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);

/** Empty `.partial` files are the server's own, which no call takes away. */
export async function standing(server: FleetServer): Promise<Standing> {
  const { folder } = server;
  const { aliases, loaded: all } = await server.look();
  const loaded = all.filter((model) => model.startsWith('support-'));
  const files = filesIn(folder).filter((file) => !file.endsWith('.partial'));
  return { aliases, loaded, files: files.map((file) => `${file} ${hashOf(join(folder, file))}`) };
}
