/** Takes the new version into memory, so that its first request does not wait. */
import { serverOf, type StepAct } from './step-act.ts';

export const load: StepAct = {
  run: async (context) => {
    const { deployment, signal, services } = context;
    const driver = serverOf(context);
    const began = services.clock.upMs();
    await driver.load(deployment.served_as, { signal });
    return { evidence: { seconds: (services.clock.upMs() - began) / 1_000 } };
  },
  holds: async (context) => (await serverOf(context).state({ signal: context.signal })).loaded.includes(context.deployment.served_as),
};
