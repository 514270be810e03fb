/** Targets and deployments over servers in memory, a store of its own, and a clock that waits for nobody. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import type { DeploymentDetails } from '../../shared/domain/deployment.ts';
import type { DeploymentEnvironment, Target } from '../../shared/domain/target.ts';
import type { TrafficSplit } from '../../shared/domain/traffic-split.ts';
import { DeployRequest } from '../../shared/contracts/deployment-calls.ts';
import { adopt } from '../../main/services/deploy/adoption.ts';
import { Aftercare } from '../../main/services/deploy/aftercare.ts';
import { DeploymentBook } from '../../main/services/deploy/deployment-book.ts';
import { VersionGate, type VerdictSource } from '../../main/services/deploy/deployment-gate.ts';
import { DeploymentRunner } from '../../main/services/deploy/deployment-runner.ts';
import { Deployments } from '../../main/services/deploy/deployments.ts';
import { followProduction } from '../../main/services/deploy/production-tag.ts';
import type { RolloutClock } from '../../main/services/deploy/rollout-clock.ts';
import type { OpenTarget, StepServices } from '../../main/services/deploy/steps/step-act.ts';
import { Targets } from '../../main/services/deploy/targets.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import type { LocalAnswers } from '../../main/services/deploy/validation/local-answers.ts';
import type { TrafficSplitter } from '../../main/services/deploy/traffic-splitter.ts';
import { Shelves } from '../../main/services/shelves.ts';
import { noAwake, type Awake } from '../../main/workers/keep-awake.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';
import type { MemoryServer } from './memory-server.ts';
import { madeRun, testCaller, testRegistry } from './registry.ts';

export { testCaller };

/** Waits take no time and move it on. */
export class TestClock implements RolloutClock {
  #ms = Date.UTC(2026, 4, 1);
  #up = 0;
  readonly waits: number[] = [];
  readonly now = (): Date => new Date((this.#ms += 1));
  readonly upMs = (): number => this.#up;
  readonly wait = (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    this.waits.push(ms);
    this.pass(ms);
    return new Promise((resolve) => setImmediate(resolve));
  };

  pass(ms: number): void {
    this.#ms += ms;
    this.#up += ms;
  }
}

export class MemorySplitter implements TrafficSplitter {
  split: TrafficSplit | null = null;
  readonly told: string[] = [];
  before: () => void = () => undefined;

  find(): ReturnType<TrafficSplitter['find']> {
    this.before();
    const side = { requests: 0, failures: 0, first_ms: null, total_ms: null };
    return Promise.resolve(this.split === null ? null : { split: this.split, since: '2026-05-01T00:00:00.000Z', new: side, previous: side });
  }

  set(split: TrafficSplit): Promise<void> {
    this.before();
    this.told.push(`${split.new} ${split.share}`);
    this.split = split;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.before();
    this.told.push('clear');
    this.split = null;
    return Promise.resolve();
  }
}

export interface TestDeployOptions {
  readonly servers: readonly MemoryServer[];
  readonly splitter?: MemorySplitter | null;
  readonly environment?: DeploymentEnvironment;
  readonly requireApproval?: boolean;
  readonly minAvailable?: number;
  readonly gates?: VerdictSource;
  readonly local?: LocalAnswers;
  readonly clock?: TestClock;
  /** Between two tries at a server that does not answer. */
  readonly retryMs?: number;
  /** How often it says that it goes on; left out: never. */
  readonly beatMs?: number;
  readonly awake?: Awake;
}

const noRules: VerdictSource = {
  rules: () => ({}),
  evaluate: ({ name, version }) => Promise.resolve({ name, version, verdict: null, significance: 0.05, rules: [] }),
};
/** The engine here answers as the server does. */
const sameHere: LocalAnswers = {
  chats: (_, { prompts }) => {
    const say = (text: string) => prompts.map(() => ({ text, finish: 'stop' as const, promptTokens: 9 }));
    return Promise.resolve({ base: say('I am base.'), adapted: say('I am support') });
  },
};

export function testDeploy(home: string, options: TestDeployOptions) {
  const { servers, splitter = null, environment = 'staging', requireApproval = false, minAvailable = 1, clock = new TestClock() } = options;
  const { registry, store, paths } = testRegistry(home);
  // The base model that runs of tests were trained on.
  mkdirSync(paths.models, { recursive: true });
  writeFileSync(join(paths.models, 'm'), 'a base model');
  const lines: KeptLine[] = [];
  const log = keepingLogger(lines);
  const now = clock.now;
  const hub = new EventHub(log);
  const ledger = new Ledger({ store, hub, now, isConnected: () => true, onSealed: () => undefined });
  const book = new DeploymentBook({ store, ledger, now });
  const gate = new VersionGate({ store, gates: options.gates ?? noRules });
  const open = (): Promise<OpenTarget> => Promise.resolve({ drivers: new Map(servers.map((server) => [server.name, server.driver()])), splitter });
  const artifact: StepServices['artifact'] = ({ served_as: servedAs, plan, deployment }) =>
    Promise.resolve({ servedAs, label: plan.label, path: '/adapter.gguf', bytes: 10, sha256: 'a'.repeat(64), base: plan.base, correlation: deployment });
  const services: StepServices = { store, clock, gate, local: options.local ?? sameHere, artifact };
  const runner = new DeploymentRunner({
    ...{ book, services, log, open, retryMs: options.retryMs ?? 60_000, beatMs: options.beatMs ?? 2 ** 31 - 1 },
    ...{ awake: options.awake ?? noAwake, keepsAwake: () => true },
    onEnd: (deployment, end) => followProduction(deployment, end, { registry, store }),
  });
  const targets = new Targets({ store, ledger, open, now, log, adopt: (target, opened, { actor }) => adopt(target, opened, { store, book, actor }) });
  const shelves = new Shelves(paths, home);
  const deployments = new Deployments({ store, shelves, gate, open, now, registry, book, runner });
  const aftercare = new Aftercare({ book, services, targets, open, log, self: testCaller.actor });
  const target: Target = {
    ...{
      kind: 'localai',
      name: 'desk',
      environment,
      require_approval: requireApproval,
      secret: null,
      ca_file: null,
      base_config: null,
      min_available: minAvailable,
    },
    servers: servers.map(({ name }) => ({ name, url: `http://${name}.test` })),
    delivery: { how: 'serve', address: null, port: 0 },
    proxy: splitter === null ? null : { url: 'http://proxy.test', secret: null },
  };
  if (store.targets.find('desk') === null) targets.save(target, testCaller);
  return {
    ...{ store, registry, deployments, targets, runner, aftercare, book, clock, lines, hub, target },
    /** A version with an adapter of its own. */
    makeVersion: async (version: string): Promise<string> => {
      const { run } = madeRun({ store, paths });
      const words = { name: 'support', version, description: '', tags: [], metadata: {}, parameters: {}, metrics: {}, evaluation: null, base: null };
      if (!store.versions.has({ name: 'support', version })) await registry.register({ ...words, run }, testCaller);
      return `support@${version}`;
    },
    start: (model: string, config: Partial<DeploymentConfig> = {}): Promise<DeploymentDetails> =>
      deployments.start(
        DeployRequest.parse({ model, target: 'desk', alias: 'bot', config: { step_pause: '1m', health_check_interval: '30s', ...config } }),
        testCaller,
      ),
    /** Until nothing goes on with it by itself. */
    until: async (id: string): Promise<DeploymentDetails> => {
      await runner.settled(id);
      return deployments.get(id);
    },
    close: async () => {
      await runner.close();
      store.close();
    },
  };
}
export type TestDeploy = ReturnType<typeof testDeploy>;
