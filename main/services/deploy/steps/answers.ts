/** What answers an alias after a step, as the history keeps it. */
import type { AnswersNow } from '../deployment-book.ts';
import { previousOn, type StepContext } from './step-act.ts';

type Answering = AnswersNow['by'][number];

export const byNew = ({ deployment }: StepContext, share = 100): Answering => {
  const { name, version, served_as, deployment: id, strategy } = deployment;
  return { name, version, served_as, share, deployment: id, strategy };
};

/** Whoever it was: known by this target's history, else by its name there alone. */
export function byModel({ deployment, services }: StepContext, servedAs: string, share = 100): Answering {
  const known = services.store.servings.lastOf(deployment.target, servedAs);
  const { name = null, version = null, deployment: id = null, strategy = null } = known ?? {};
  return { name, version, served_as: servedAs, share, deployment: id, strategy };
}

export const newAnswers = (context: StepContext, server: string): AnswersNow => ({ server, alias: context.deployment.alias, by: [byNew(context)] });

/** `label`: what the server says of it, for where this history knows nothing. */
export function previousAnswers(context: StepContext, server: string, label: string | null): AnswersNow {
  const previous = previousOn(context, server);
  if (previous === null) return { server, alias: context.deployment.alias, by: [] };
  const known = byModel(context, previous);
  const [name = null, version = null] = label?.split('@') ?? [];
  return { server, alias: context.deployment.alias, by: [known.name === null ? { ...known, name, version } : known] };
}

/** On every server, shared out before it. */
export const sharedAnswers = (context: StepContext, share: number): readonly AnswersNow[] =>
  [...context.target.drivers.keys()].map((server) => {
    const previous = previousOn(context, server);
    const old = previous === null || share === 100 ? [] : [byModel(context, previous, 100 - share)];
    return { server, alias: context.deployment.alias, by: [...(share === 0 ? [] : [byNew(context, share)]), ...old] };
  });
