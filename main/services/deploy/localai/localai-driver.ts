/** One LocalAI server of a target, as the steps of a deployment see it. */
import type { LocalAiTarget, TargetServer } from '../../../../shared/domain/target.ts';
import type { SecretStore } from '../../../platform/secret-store.ts';
import type { ArtifactHost } from '../artifact-host/artifact-host.ts';
import type { TargetDriver } from '../target-driver.ts';
import { originOf } from './adapter-config.ts';
import { moveAlias, readAliases } from './aliases.ts';
import { loadModel, unloadModel } from './backend-calls.ts';
import { findBase } from './base-model.ts';
import { callsOf } from './calls-of.ts';
import { checkServer } from './check-server.ts';
import { pin, unpin, writtenConfig } from './config-calls.ts';
import { deliveriesFor } from './deliveries.ts';
import { chat, score } from './inference-calls.ts';
import { installAdapter, installed } from './install-adapter.ts';
import { RemoteServer } from './remote-server.ts';
import { removeModel } from './remove-model.ts';
import { aliases, loadedModels, modelNames } from './server-calls.ts';

export interface LocalAiParts {
  readonly target: LocalAiTarget;
  readonly server: TargetServer;
  readonly secrets: SecretStore;
  readonly host: ArtifactHost;
}

export function localAiDriver({ target, server, secrets, host }: LocalAiParts): TargetDriver {
  const { secret, ca_file: caFile, delivery, base_config: baseConfig } = target;
  const remote = new RemoteServer({ server, caFile, key: async () => (secret === null ? null : (await secrets.get(secret)).trim()) });
  const deliveries = deliveriesFor({ delivery, host, server });
  return {
    server: server.name,
    check: ({ signal }) => checkServer({ remote, delivery, hasKey: secret !== null, baseConfig }, signal),
    state: async ({ signal }) => ({
      models: await modelNames(remote, signal),
      loaded: (await loadedModels(remote, signal)).loaded,
      aliases: await readAliases(remote, signal),
    }),
    findBase: async (base, { signal }) => {
      const { model, verifiedBy } = await findBase(remote, base, { signal, named: baseConfig });
      return { model, verifiedBy };
    },
    install: (artifact, { signal, onProgress }) => installAdapter(remote, { artifact, baseConfig, deliveries, signal, onProgress }),
    installed: (servedAs, { signal }) => installed(remote, servedAs, signal),
    load: async (servedAs, { signal }) => {
      await pinOwn(remote, servedAs, { pinned: true, signal });
      await loadModel(remote, servedAs, signal);
    },
    unload: async (servedAs, { signal }) => {
      await pinOwn(remote, servedAs, { pinned: false, signal });
      await unloadModel(remote, servedAs, signal);
    },
    remove: (servedAs, { signal }) => removeModel(remote, servedAs, signal),
    setAlias: (alias, to, { signal, expected }) => moveAlias(remote, { alias, to, expected }, signal),
    chat: (asked, { signal }) => chat(remote, asked, signal),
    score: async (asked, { signal }) => {
      const model = (await aliases(remote, signal))?.get(asked.model) ?? asked.model;
      return score(remote, { ...asked, model }, signal);
    },
    callsOf,
  };
}

/** Only what was installed from here: the server writes the file anew, without its comments. */
async function pinOwn(remote: RemoteServer, model: string, { pinned, signal }: { readonly pinned: boolean; readonly signal: AbortSignal }): Promise<void> {
  const config = await writtenConfig(remote, model, signal);
  if (config === null || originOf(config) === null || (config.pinned ?? false) === pinned) return;
  await (pinned ? pin(remote, model, { pinned, signal }) : unpin(remote, model, signal));
}
