/** What goes no further without somebody: deployments that ask, runs that failed or were cut short, versions that wait for approval, scores that fell. */
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { flipsPath } from '../benchmarks/benchmark-paths.ts';
import { openDrops } from '../benchmarks/open-drops.ts';
import { deploymentPath, deploymentTitle } from '../deploy/deployment-words.ts';
import { runTitle } from '../runs/run-title.ts';
import styles from './home-view.module.css';

const shown = 5;

export function Decisions({ runs }: { readonly runs: readonly Run[] }) {
  const candidates = useCall('registry.list', { state: ['candidate'], limit: shown });
  const waiting = useCall('deployments.list', { state: ['waiting'], limit: shown });
  const resume = useAct('runs.resume');
  const cut = runs.filter(({ state }) => state === 'interrupted' || state === 'failed').slice(0, shown);
  const versions = candidates.data?.versions ?? [];
  const drops = openDrops(useCall('benchmarks.list', { limit: 100 }).data?.runs ?? []).slice(0, shown);
  const deployments = waiting.data?.deployments ?? [];
  if (cut.length + versions.length + drops.length + deployments.length === 0) return <p className="muted">{texts.home.noDecisions}</p>;
  return (
    <ul className={styles['decisions']}>
      {deployments.map((each) => (
        <li key={each.deployment}>
          <span>{texts.home.deploymentWaits(deploymentTitle(each), each.target, each.question ?? '')}</span>
          <LinkButton small to={deploymentPath(each.deployment)}>
            {texts.home.decide}
          </LinkButton>
        </li>
      ))}
      {versions.map(({ name, version }) => (
        <li key={`${name}@${version}`}>
          <span>{texts.home.candidate(`${name}@${version}`)}</span>
          <LinkButton small to={`/registry/${name}/${version}`}>
            {texts.home.review}
          </LinkButton>
        </li>
      ))}
      {drops.map(({ drop: { score, before, words } }) => (
        <li key={score}>
          <span>{words}</span>
          <LinkButton small to={flipsPath(before, score, 'lost')}>
            {texts.home.look}
          </LinkButton>
        </li>
      ))}
      {cut.map((run) => (
        <li key={run.run}>
          <span>{run.state === 'failed' ? texts.home.failedRun(runTitle(run)) : texts.home.interruptedRun(runTitle(run))}</span>
          {run.state === 'failed' ? (
            <LinkButton small to={`/runs/${run.run}`}>
              {texts.home.look}
            </LinkButton>
          ) : (
            <Button small onPress={() => resume.mutate({ run: run.run }, { onError: sayFailed })}>
              {texts.home.resume}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
