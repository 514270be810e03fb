/** Brings the adapter to a server, under a name of its own; nothing leads there yet. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { serverOf, type StepAct } from './step-act.ts';

/** How often a transfer says how far it is. */
const everyMs = 1_000;

export const deliver: StepAct = {
  run: async (context) => {
    const { deployment, services, signal, note } = context;
    const driver = serverOf(context);
    const there = await driver.installed(deployment.served_as, { signal });
    const artifact = await services.artifact(deployment);
    let told = -Infinity;
    const onProgress = (share: number): void => {
      const at = services.clock.upMs();
      if (at - told < everyMs) return;
      told = at;
      note({ share });
    };
    const { fingerprint, adapterFile } = there ?? (await driver.install(artifact, { signal, onProgress }));
    if (adapterFile === null) throw new AppError('ARTIFACT_NOT_FETCHED', { server: driver.server, problem: 'its configuration there names no adapter' });
    return { evidence: { bytes: artifact.bytes, sha256: artifact.sha256, adapter_file: adapterFile, fingerprint, was_there: there !== null } };
  },
  holds: async (context) => (await serverOf(context).installed(context.deployment.served_as, { signal: context.signal })) !== null,
};
