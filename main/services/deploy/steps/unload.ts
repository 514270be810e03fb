/** Takes the version before out of memory, where there may be one alone; as long as others answer, if the target asks for that. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { TargetDriver } from '../target-driver.ts';
import { previousOn, serverOf, type StepAct, type StepContext } from './step-act.ts';

export const unload: StepAct = {
  run: async (context) => {
    const driver = serverOf(context);
    const before = previousOn(context, driver.server);
    const answering = context.deployment.strategy === 'rolling' ? await requireOthers(context, driver) : null;
    if (before !== null) await driver.unload(before, { signal: context.signal });
    return { evidence: { unloaded: before, ...(answering === null ? {} : { others_answering: answering }) } };
  },
};

/** Throws HEALTH_FAILED where fewer would answer than the target asks for. */
async function requireOthers({ target, deployment, services, signal }: StepContext, driver: TargetDriver): Promise<number> {
  const { target: wanted } = services.store.targets.get(deployment.target);
  const least = wanted.kind === 'localai' ? wanted.min_available : 0;
  const others = [...target.drivers.values()].filter((each) => each !== driver);
  const answering = await Promise.all(
    others.map((each) =>
      each.state({ signal }).then(
        () => true,
        () => false,
      ),
    ),
  );
  const count = answering.filter(Boolean).length;
  if (count < least) {
    const problem = `${count} of its other servers answer, and min_available is ${least}`;
    throw new AppError('HEALTH_FAILED', { version: deployment.plan.label, target: deployment.target, problem });
  }
  return count;
}
