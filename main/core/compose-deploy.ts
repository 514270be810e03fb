/** The services of deployments, built over what the core gives them: drivers by the kind of a target, the runner, what comes after. */
import type { Actor } from '../../shared/domain/actor.ts';
import type { Target } from '../../shared/domain/target.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { DeploymentServices } from '../ipc/deployment-handlers.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import type { SecretKeys } from '../platform/secret-keys.ts';
import { fileSecrets, type SecretStore } from '../platform/secret-store.ts';
import { AdapterGguf } from '../services/adapter-gguf.ts';
import type { Gates } from '../services/benchmarks/gates.ts';
import type { ComputeJobs } from '../services/compute-jobs.ts';
import { adopt } from '../services/deploy/adoption.ts';
import { Aftercare } from '../services/deploy/aftercare.ts';
import { ArtifactHost } from '../services/deploy/artifact-host/artifact-host.ts';
import { computeLocalAnswers } from '../services/deploy/compute-local-answers.ts';
import { DeploymentBook } from '../services/deploy/deployment-book.ts';
import { VersionGate } from '../services/deploy/deployment-gate.ts';
import { DeploymentRunner } from '../services/deploy/deployment-runner.ts';
import { Deployments } from '../services/deploy/deployments.ts';
import { localAiDriver } from '../services/deploy/localai/localai-driver.ts';
import { RemoteServer } from '../services/deploy/localai/remote-server.ts';
import { proxySplitter } from '../services/deploy/proxy-splitter.ts';
import { followProduction } from '../services/deploy/production-tag.ts';
import { systemClock } from '../services/deploy/rollout-clock.ts';
import type { OpenTarget, StepServices } from '../services/deploy/steps/step-act.ts';
import { Targets } from '../services/deploy/targets.ts';
import { rememberedAnswers } from '../services/deploy/validation/remembered-answers.ts';
import { artifactOf } from '../services/deploy/version-source.ts';
import type { Ledger } from '../services/ledger.ts';
import type { Registry } from '../services/registry/registry.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';
import type { MachineParts } from './machine-parts.ts';
import { composeEndpoint, type Endpoint, type EndpointNeeds } from './compose-endpoint.ts';

export interface DeployNeeds extends Pick<EndpointNeeds, 'start' | 'isTraining'> {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly shelves: Shelves;
  readonly registry: Registry;
  readonly gates: Gates;
  readonly compute: ComputeJobs;
  readonly log: Logger;
  readonly now: () => Date;
  readonly secretKeys: SecretKeys | null;
  readonly machine: Pick<MachineParts, 'awake' | 'keepsAwake'>;
  readonly self: Actor;
  /** What an earlier host left goes on, and targets are looked at: this host lasts. */
  readonly lasts: boolean;
}

export interface Deploy extends DeploymentServices {
  readonly open: (target: Target) => Promise<OpenTarget>;
  readonly isBusy: () => boolean;
  readonly close: () => Promise<void>;
}

export function composeDeploy(needs: DeployNeeds): Deploy {
  const { paths, store, ledger, shelves, registry, gates, compute, now, self, machine } = needs;
  const log = needs.log.child('deploy');
  const ggufs = new AdapterGguf({ paths, compute });
  const book = new DeploymentBook({ store, ledger, now });
  const gate = new VersionGate({ store, gates: { rules: (name) => gates.get({ name }).gates, evaluate: (version, rules) => gates.evaluate(version, rules) } });
  const endpoint = composeEndpoint(needs);
  const open = targetOpener({ endpoint, secrets: needs.secretKeys === null ? noSecrets : fileSecrets(paths.home, needs.secretKeys) });
  const services: StepServices = {
    store,
    clock: systemClock(now),
    gate,
    local: rememberedAnswers(computeLocalAnswers(compute)),
    artifact: (deployment) => artifactOf(deployment, { ggufs }),
  };
  const onEnd = (deployment: Parameters<typeof followProduction>[0], end: 'done' | 'rolled_back'): void =>
    followProduction(deployment, end, { registry, store });
  const runner = new DeploymentRunner({ book, services, log, open, onEnd, awake: machine.awake, keepsAwake: machine.keepsAwake });
  const targets = new Targets({ store, ledger, open, now, log, adopt: (target, opened, { actor }) => adopt(target, opened, { store, book, actor }) });
  const deployments = new Deployments({ store, shelves, gate, open, now, registry, book, runner });
  const aftercare = new Aftercare({ book, services, targets, open, log, self });
  if (needs.lasts) {
    runner.recover();
    aftercare.begin();
  }
  return {
    targets,
    deployments,
    open,
    isBusy: () => runner.isBusy,
    close: async () => {
      await runner.close();
      await aftercare.close();
      await endpoint.close();
    },
  };
}

/** Speaks with the servers of a target. */
function targetOpener({ endpoint, secrets }: { readonly endpoint: Endpoint; readonly secrets: SecretStore }): (target: Target) => Promise<OpenTarget> {
  const host = new ArtifactHost();
  const keyOf = (secret: string | null) => async (): Promise<string | null> => (secret === null ? null : secrets.get(secret));
  return (target) => {
    if (target.kind === 'embedded') return Promise.resolve({ drivers: new Map([[target.name, endpoint.driver(target)]]), splitter: null });
    const { proxy, ca_file: caFile } = target;
    const drivers = new Map(target.servers.map((server) => [server.name, localAiDriver({ target, server, secrets, host })]));
    const splitter =
      proxy === null
        ? null
        : proxySplitter(new RemoteServer({ server: { name: `the proxy of ${target.name}`, url: proxy.url }, caFile, key: keyOf(proxy.secret) }));
    return Promise.resolve({ drivers, splitter });
  };
}

const noSecrets: SecretStore = { get: (name) => Promise.reject(new AppError('SECRET_UNKNOWN', { name })) };
