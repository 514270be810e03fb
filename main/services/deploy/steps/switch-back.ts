/** Leads the alias of a server back to who answered before. Where somebody else has moved it since, it stays there. */
import { previousAnswers } from './answers.ts';
import { previousOn, serverOf, type StepAct } from './step-act.ts';

export const switchBack: StepAct = {
  run: async (context) => {
    const { deployment, signal } = context;
    const driver = serverOf(context);
    const { alias, served_as } = deployment;
    const before = previousOn(context, driver.server);
    const now = (await driver.state({ signal })).aliases.get(alias) ?? null;
    if (now !== before && now !== served_as) return { evidence: { left: now, because: 'somebody else moved it there' } };
    if (now === served_as) await driver.setAlias(alias, before, { signal, expected: served_as });
    const label = before === null ? null : ((await driver.installed(before, { signal }).catch(() => null))?.label ?? null);
    return { evidence: { from: now, to: before }, answers: [previousAnswers(context, driver.server, label)] };
  },
};
