/** One deployment: what it asks, how the traffic is split, its steps as they go, how both sides do. */
import { Link } from 'react-aria-components';
import { useParams } from 'react-router';
import type { DeploymentDetails } from '../../../shared/domain/deployment.ts';
import { deploymentIsActive } from '../../../shared/domain/deployment.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { PartBar } from '../../charts/part-bar.tsx';
import { DeploymentBadge } from '../../components/badge.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { DeploymentActions } from './deployment-actions.tsx';
import { DeploymentFacts } from './deployment-facts.tsx';
import { DeploymentSteps } from './deployment-steps.tsx';
import { deploymentTitle, previousOf } from './deployment-words.ts';
import { Question } from './question.tsx';
import { SideCharts } from './side-charts.tsx';
import styles from './deploy.module.css';

const words = texts.deploy.page;
const list = { href: '/deploy?part=deployments', title: texts.deploy.title, ...texts.deploy.entry };

export function View() {
  const { deployment = '' } = useParams();
  const details = useCall('deployments.get', { deployment });
  return (
    <LoadedEntry query={details} name={deployment} list={list}>
      {(data) => <DeploymentPage key={deployment} details={data} />}
    </LoadedEntry>
  );
}

function DeploymentPage({ details }: { readonly details: DeploymentDetails }) {
  const { state, target, environment, alias, created, error, question } = details;
  return (
    <Page
      title={deploymentTitle(details)}
      above={<Link href="/deploy">{texts.deploy.title}</Link>}
      below={
        <>
          <DeploymentBadge state={state} />
          <span>{words.on(target, texts.deploy.environments[environment])}</span>
          <span>{words.as(alias)}</span>
          <span>{texts.deploy.strategies[details.strategy].title}</span>
          <Time at={created} />
        </>
      }
      actions={<DeploymentActions details={details} />}
    >
      {error !== null && (wasAsked(error) ? <p>{words.askedBack(String(error.facts['reason']))}</p> : <Failure error={fromWireError(error)} />)}
      {question !== null && state === 'waiting' ? <Question details={details} question={question} /> : <p className="muted">{meaningOf(details)}</p>}
      <div className={styles['split']}>
        <div className={styles['column']}>
          <Panel title={words.steps}>
            <DeploymentSteps steps={details.steps} isOver={!deploymentIsActive(state)} />
          </Panel>
        </div>
        <div className={styles['column']}>
          <Panel title={words.traffic}>
            <TrafficBar details={details} />
          </Panel>
          <SideCharts deployment={details.deployment} />
          <DeploymentFacts details={details} />
        </div>
      </div>
    </Page>
  );
}

const meaningOf = (details: DeploymentDetails): string =>
  details.state === 'rolled_back' && previousOf(details) === null ? words.backToNobody(details.alias) : texts.deploy.stateMeanings[details.state];

/** What somebody wanted is no failure. */
const wasAsked = ({ code }: NonNullable<DeploymentDetails['error']>): boolean => code === 'ROLLBACK_ASKED';

function TrafficBar({ details }: { readonly details: DeploymentDetails }) {
  const { traffic, alias, served_as } = details;
  const before = previousOf(details);
  const parts = [
    { name: words.sideOf(words.newSide, served_as), value: traffic },
    ...(before === null ? [] : [{ name: words.sideOf(words.previousSide, before), value: 100 - traffic }]),
  ];
  return (
    <PartBar
      label={words.trafficLabel(deploymentTitle(details), traffic)}
      parts={parts}
      limit={100}
      limitLabel={before === null && traffic === 0 ? words.nobodyYet(alias) : words.ofTraffic(alias)}
      format={texts.deploy.share}
    />
  );
}
