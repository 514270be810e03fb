/** Asks every server what it is and whether it has the base model, before anything is touched. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { previousOn, type Evidence, type StepAct, type StepContext } from './step-act.ts';
import type { TargetDriver } from '../target-driver.ts';

export const checkTarget: StepAct = {
  run: async (context) => {
    const found = await Promise.all([...context.target.drivers.values()].map((driver) => lookAt(context, driver)));
    return { evidence: Object.fromEntries(found) };
  },
};

async function lookAt(context: StepContext, driver: TargetDriver): Promise<readonly [string, Evidence]> {
  const { deployment, signal } = context;
  const { alias, plan, target } = deployment;
  const { state, version, problems, round_trip_ms } = await driver.check({ signal });
  const problem = problems.join(' ') || 'it takes no deployments';
  if (state === 'failed') throw new AppError('DEPLOYMENT_REFUSED', { version: plan.label, target, problem: `${driver.server}: ${problem}` });
  const base = await driver.findBase(plan.base, { signal });
  const { aliases, models } = await driver.state({ signal });
  const answering = aliases.get(alias) ?? null;
  if (answering === null && models.includes(alias))
    throw new AppError('DEPLOYMENT_REFUSED', {
      version: plan.label,
      target,
      problem: `${alias} is a model of its own on ${driver.server}; choose another --alias`,
    });
  const expected = previousOn(context, driver.server);
  if (answering !== expected && answering !== deployment.served_as)
    throw new AppError('ALIAS_MOVED', { server: driver.server, alias, expected: expected ?? 'nothing', found: answering ?? 'nothing' });
  return [driver.server, { version, round_trip_ms, base: base.model, base_verified_by: base.verifiedBy, problems, answers_now: answering }];
}
