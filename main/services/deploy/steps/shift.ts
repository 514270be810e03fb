/** Gives the new version its share of the traffic by the proxy, or an alias of its own for a cohort; and takes both away again. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { canaryAlias } from '../strategies/situation.ts';
import type { TrafficSplitter } from '../traffic-splitter.ts';
import type { AnswersNow } from '../deployment-book.ts';
import { byModel, byNew, sharedAnswers } from './answers.ts';
import { previousOn, type StepAct, type StepContext, type StepEnd } from './step-act.ts';

export const shift: StepAct = {
  run: (context) => {
    const isBack = context.deployment.state === 'rolling_back';
    if (context.deployment.plan.mover === 'cohort') return moveCohort(context, { isUp: !isBack && context.step.traffic === 0 });
    return isBack ? shareBack(context) : share(context, context.step.traffic ?? 0);
  },
  holds: async (context) => {
    const { deployment, step, signal, target } = context;
    if (deployment.plan.mover !== 'proxy' || step.traffic !== deployment.traffic || step.traffic === 100) return true;
    const split = (await target.splitter?.find(deployment.alias, { signal }))?.split;
    return split?.new === deployment.served_as && split.share === step.traffic;
  },
};

function splitterOf({ target, deployment }: StepContext): TrafficSplitter {
  if (target.splitter !== null) return target.splitter;
  const problem = 'the target has no proxy any more';
  throw new AppError('STRATEGY_CANNOT', { strategy: deployment.strategy, target: deployment.target, problem });
}

const firstPrevious = (context: StepContext): string | null =>
  [...context.target.drivers.keys()].map((server) => previousOn(context, server)).find((each) => each !== null) ?? null;

async function share(context: StepContext, traffic: number): Promise<StepEnd> {
  const { deployment, signal } = context;
  const { alias, served_as } = deployment;
  const splitter = splitterOf(context);
  const previous = firstPrevious(context);
  if (traffic === 100 || previous === null) await splitter.clear(alias, { signal });
  else await splitter.set({ alias, previous, new: served_as, share: traffic }, { signal });
  return { evidence: { share: traffic, previous, new: served_as }, answers: sharedAnswers(context, traffic) };
}

/** First all of the traffic; when the aliases are back, the split that stood before, or none. */
async function shareBack(context: StepContext): Promise<StepEnd> {
  const { deployment, signal, target } = context;
  const { alias, served_as, plan } = deployment;
  const splitter = splitterOf(context);
  const previous = firstPrevious(context);
  // A server that does not answer now is not waited for: its share is taken from it here.
  const states = await Promise.allSettled([...target.drivers.values()].map((driver) => driver.state({ signal })));
  const isBack = states.every((state) => state.status === 'fulfilled' && state.value.aliases.get(alias) !== served_as);
  if (!isBack && previous !== null) {
    await splitter.set({ alias, previous, new: served_as, share: 0 }, { signal });
    return { evidence: { share: 0, previous, new: served_as }, answers: sharedAnswers(context, 0) };
  }
  if (plan.split === null) await splitter.clear(alias, { signal });
  else await splitter.set(plan.split, { signal });
  return { evidence: { split: plan.split }, answers: plan.split === null ? sharedAnswers(context, 0) : splitAnswers(context, plan.split) };
}

const splitAnswers = (context: StepContext, split: NonNullable<StepContext['deployment']['plan']['split']>): readonly AnswersNow[] =>
  [...context.target.drivers.keys()].map((server) => ({
    server,
    alias: context.deployment.alias,
    by: [byModel(context, split.new, split.share), byModel(context, split.previous, 100 - split.share)],
  }));

async function moveCohort(context: StepContext, { isUp }: { readonly isUp: boolean }): Promise<StepEnd> {
  const { deployment, target, signal } = context;
  const { served_as } = deployment;
  const alias = canaryAlias(deployment.alias);
  const answers: AnswersNow[] = [];
  for (const driver of target.drivers.values()) {
    const now = (await driver.state({ signal })).aliases.get(alias) ?? null;
    if (isUp && now !== served_as) await driver.setAlias(alias, served_as, { signal, expected: null });
    if (!isUp && now === served_as) await driver.setAlias(alias, null, { signal, expected: served_as });
    answers.push({ server: driver.server, alias, by: isUp ? [byNew(context)] : [] });
  }
  return { evidence: { alias, leads_to: isUp ? served_as : null }, answers };
}
