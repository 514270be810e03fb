/** Deploy: what goes on now; the targets with what was found there; the deployments so far; what answered when. */
import { useSearchParams } from 'react-router';
import { useCall } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { texts } from '../../texts/texts.ts';
import { ActiveDeployments } from './active-deployments.tsx';
import { deployPath } from './deployment-words.ts';
import { DeploymentsPart } from './deployments-part.tsx';
import { ServingsPart } from './servings-part.tsx';
import { TargetsPart } from './targets-part.tsx';
import styles from './deploy.module.css';

const words = texts.deploy;

export function View() {
  const targets = useCall('targets.list', {});
  const [params, setParams] = useSearchParams();
  const hasTargets = (targets.data?.targets.length ?? 0) > 0;
  return (
    <Page
      title={words.title}
      actions={
        hasTargets && (
          <>
            <LinkButton to="/deploy/target">{words.newTarget}</LinkButton>
            <LinkButton look="primary" to={deployPath({})}>
              {words.new}
            </LinkButton>
          </>
        )
      }
    >
      <ActiveDeployments />
      <Tabs
        label={words.title}
        shown={params.get('part') ?? 'targets'}
        onShow={(part) => setParams({ part }, { replace: true })}
        parts={[
          {
            id: 'targets',
            title: words.tabs.targets,
            content: <Loaded query={targets}>{({ targets: all }) => <TargetsPart targets={all} />}</Loaded>,
          },
          { id: 'deployments', title: words.tabs.deployments, content: <DeploymentsPart /> },
          {
            id: 'history',
            title: words.tabs.history,
            content: (
              <div className={styles['column']}>
                <ServingsPart />
              </div>
            ),
          },
        ]}
      />
    </Page>
  );
}
