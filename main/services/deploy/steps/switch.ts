/** Leads the alias of a server to the new version. What was asked before comes to its end where it is. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { newAnswers } from './answers.ts';
import { previousOn, serverOf, type StepAct } from './step-act.ts';

export const switchTo: StepAct = {
  run: async (context) => {
    const { deployment, signal, services } = context;
    const driver = serverOf(context);
    const { alias, served_as, plan } = deployment;
    const before = previousOn(context, driver.server);
    const began = services.clock.upMs();
    const now = (await driver.state({ signal })).aliases.get(alias) ?? null;
    if (now !== served_as) await driver.setAlias(alias, served_as, { signal, expected: before });
    const evidence = { from: before, to: served_as, ms: Math.round(services.clock.upMs() - began) };
    // Under a split the alias is not what decides.
    return { evidence, ...(plan.mover === 'proxy' ? {} : { answers: [newAnswers(context, driver.server)] }) };
  },
  holds: async (context) => {
    const driver = serverOf(context);
    const { alias, served_as } = context.deployment;
    const now = (await driver.state({ signal: context.signal })).aliases.get(alias) ?? null;
    if (now !== served_as) throw new AppError('ALIAS_MOVED', { server: driver.server, alias, expected: served_as, found: now ?? 'nothing' });
    return true;
  },
};
