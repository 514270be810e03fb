/** What a deployment would do, before anything is done: what it replaces, why it would be refused, its steps with the calls that they make. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { InputOf, OutputOf } from '../../../shared/contracts/calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { previousOf } from './deployment-words.ts';
import { PlannedSteps } from './planned-steps.tsx';
import styles from './deploy.module.css';

const words = texts.deploy.request;
type Plan = OutputOf<'deployments.plan'>;

export const usePlan = (request: InputOf<'deployments.plan'> | null): UseQueryResult<Plan, AppError> =>
  useCall('deployments.plan', request ?? { model: '-' }, { enabled: request !== null, keepPrevious: true });

export const PlanPreview = ({ query }: { readonly query: UseQueryResult<Plan, AppError> }) => (
  <div className={styles['column']} aria-busy={query.isFetching}>
    <Loaded query={query}>{(plan) => <Shown plan={plan} />}</Loaded>
    {query.data !== undefined && (
      <div className={styles['line']}>
        <Button small look="quiet" isDisabled={query.isFetching} onPress={() => void query.refetch()}>
          {words.again}
        </Button>
        <span className="muted" role="status">
          {query.isFetching ? words.planning : ''}
        </span>
      </div>
    )}
  </div>
);

function Shown({ plan }: { readonly plan: Plan }) {
  const { alias, served_as, steps, refusals, notes } = plan;
  const before = previousOf(plan);
  const calls = steps.reduce((sum, each) => sum + each.calls.length, 0);
  return (
    <>
      {refusals.length > 0 && (
        <div className={styles['refusals']} role="alert">
          <h3>{words.refusals}</h3>
          <ul className={styles['list']}>
            {refusals.map((refusal) => (
              <li key={refusal}>{refusal}</li>
            ))}
          </ul>
        </div>
      )}
      <p>
        {before === null ? words.replacesNothing(alias) : words.replaces(alias, before)} {words.servedAs} <span className="mono">{served_as}</span>.
      </p>
      {notes.length > 0 && (
        <div className={styles['warning']}>
          <h3>{words.notes}</h3>
          <ul className={styles['list']}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      {steps.length > 0 && (
        <>
          <p className="muted">{words.planSummary(steps.length, calls)}</p>
          <PlannedSteps steps={steps} />
        </>
      )}
    </>
  );
}
