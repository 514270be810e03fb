/** Takes the new version off a server, so that nothing of it is left. */
import { serverOf, type StepAct } from './step-act.ts';

export const withdraw: StepAct = {
  run: async (context) => {
    const { deployment, signal } = context;
    const driver = serverOf(context);
    const { served_as } = deployment;
    const { models, loaded, aliases } = await driver.state({ signal });
    const users = [...aliases].filter(([, model]) => model === served_as).map(([alias]) => alias);
    if (users.length > 0) return { evidence: { left: served_as, because: `${users.join(', ')} leads there` } };
    if (loaded.includes(served_as)) await driver.unload(served_as, { signal });
    if (models.includes(served_as)) await driver.remove(served_as, { signal });
    return { evidence: { removed: models.includes(served_as) } };
  },
};
