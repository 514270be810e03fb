/** On the way back: the version before is in memory again, where it was. */
import { previousOn, serverOf, type StepAct } from './step-act.ts';

export const reload: StepAct = {
  run: async (context) => {
    const { deployment, signal } = context;
    const driver = serverOf(context);
    const before = previousOn(context, driver.server);
    if (before === null || !deployment.plan.loaded.includes(driver.server)) return { evidence: { reloaded: null } };
    await driver.load(before, { signal });
    return { evidence: { reloaded: before } };
  },
};
