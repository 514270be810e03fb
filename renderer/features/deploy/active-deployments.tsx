/** The deployments that go on, each with how far it is and what it asks. Nothing where there is none. */
import { Link } from 'react-aria-components';
import type { Deployment } from '../../../shared/domain/deployment.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { DeploymentBadge } from '../../components/badge.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Progress } from '../../components/progress.tsx';
import { Failure } from '../../components/states.tsx';
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
  const title = deploymentTitle(deployment);
  const current = steps.find((step) => step.state === 'running');
  return (
    <div className={styles['active']}>
      <div className={styles['activeTitle']}>
        <Link href={deploymentPath(deployment.deployment)}>{title}</Link>
        <DeploymentBadge state={state} />
        <span className="muted">{words.on(alias, target)}</span>
      </div>
      <div className={styles['progress']}>
        <Progress label={title} value={steps.length === 0 ? null : ended / steps.length} />
        <span className="muted">
          {words.progress(ended, steps.length)} · {words.traffic(traffic)}
        </span>
      </div>
      <p className={state === 'waiting' ? styles['question'] : 'muted'}>{question ?? current?.words ?? ''}</p>
      {state === 'waiting' && (
        <LinkButton small to={deploymentPath(deployment.deployment)}>
          {texts.home.decide}
        </LinkButton>
      )}
    </div>
  );
}
