/** Takes versions out of memory that answer nobody any more, and off the server what is older than the way back. */
import type { StepAct, StepContext } from './step-act.ts';
import { previousOn, serverOf } from './step-act.ts';

export const retire: StepAct = {
  run: async (context) => {
    const { deployment, signal } = context;
    const driver = serverOf(context);
    const { loaded, models, aliases } = await driver.state({ signal });
    const led = new Set(aliases.values());
    const kept = keptVersions(context, driver.server);
    const own = ownVersions(context).filter((model) => !led.has(model));
    const isAfter = aliases.get(deployment.alias) === deployment.served_as;
    const before = previousOn(context, driver.server);
    // Before the new version answers, the one before still does by the proxy or will again.
    const idle = own.filter((model) => loaded.includes(model) && (isAfter ? model !== deployment.served_as : !kept.has(model)));
    for (const model of idle) await driver.unload(model, { signal });
    const old = own.filter((model) => models.includes(model) && isAfter && !kept.has(model));
    for (const model of old) await driver.remove(model, { signal });
    return { evidence: { unloaded: [...idle], removed: [...old], kept: before } };
  },
};

/** Installed by deployments of this alias; what others put there is not ours to take away. */
function ownVersions({ deployment, services }: StepContext): readonly string[] {
  const { target, alias } = deployment;
  return services.store.deployments.of(target, alias).map(({ served_as }) => served_as);
}

/** The newest deployment's own version and the one it goes back to, and this one's. */
function keptVersions(context: StepContext, server: string): ReadonlySet<string> {
  const { deployment, services } = context;
  const newest = services.store.deployments.of(deployment.target, deployment.alias).find(({ state }) => state !== 'rolled_back' && state !== 'refused');
  const { split } = deployment.plan;
  const kept = [deployment, newest].flatMap((each) => (each === undefined ? [] : [each.served_as, each.previous[server] ?? null]));
  return new Set([...kept, split?.previous ?? null, split?.new ?? null].filter((each) => each !== null));
}
