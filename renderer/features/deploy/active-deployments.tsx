/** The deployments that go on, each with how far it is and what it asks. Nothing where there is none. */
import type { Deployment } from '../../../shared/domain/deployment.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { DeploymentBadge } from '../../components/badge.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { WorkRow } from '../../components/work-row.tsx';
import { texts } from '../../texts/texts.ts';
import { deploymentPath, deploymentTitle, endedSteps } from './deployment-words.ts';
import styles from './deploy.module.css';

const words = texts.deploy.active;

export function ActiveDeployments() {
  const active = useCall('deployments.list', { state: ['running', 'waiting', 'rolling_back'] });
  if (active.data === undefined) return active.error === null ? null : <Failure error={active.error} onRetry={() => void active.refetch()} />;
  const { deployments } = active.data;
  if (deployments.length === 0) return null;
  return (
    <Panel title={words.title}>
      {deployments.map((each) => (
        <Active key={each.deployment} deployment={each} />
      ))}
    </Panel>
  );
}

function Active({ deployment }: { readonly deployment: Deployment }) {
  const { alias, target, state, question, traffic } = deployment;
  const details = useCall('deployments.get', { deployment: deployment.deployment });
  const steps = details.data?.steps ?? [];
  const ended = endedSteps(steps);
  const current = steps.find((step) => step.state === 'running');
  const path = deploymentPath(deployment.deployment);
  return (
    <WorkRow
      title={deploymentTitle(deployment)}
      href={path}
      badge={<DeploymentBadge state={state} />}
      about={words.on(alias, target)}
      done={steps.length === 0 ? null : ended / steps.length}
      facts={[words.progress(ended, steps.length), words.traffic(traffic)]}
      words={
        <>
          <p className={state === 'waiting' ? styles['question'] : 'muted'}>{question ?? current?.words ?? ''}</p>
          {state === 'waiting' && (
            <LinkButton small to={path}>
              {texts.home.decide}
            </LinkButton>
          )}
        </>
      }
    />
  );
}
