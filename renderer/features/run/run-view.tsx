/** One run: how it stands, its curves as they grow, what it wrote, what it was told; and what can be done with it. */
import { useEffect } from 'react';
import { Link } from 'react-aria-components';
import { useParams } from 'react-router';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { useCall, useCore } from '../../bridge/core-context.tsx';
import { loadSeries } from '../../bridge/run-series.ts';
import { RunBadge } from '../../components/badge.tsx';
import { Code } from '../../components/code.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { Time } from '../../components/time.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { useFileNames } from '../runs/use-file-names.ts';
import { RunActions } from './run-actions.tsx';
import { RunCharts } from './run-charts.tsx';
import { RunConfiguration } from './run-configuration.tsx';
import { RunFigures } from './run-figures.tsx';
import { RunLog } from './run-log.tsx';
import { RunSamples } from './run-samples.tsx';

const words = texts.runs.run;
const list = { href: '/runs', title: texts.runs.title, ...texts.runs.entry };

export function View() {
  const { run = '' } = useParams();
  const details = useCall('runs.get', { run });
  return (
    <LoadedEntry query={details} name={run} list={list}>
      {(data) => <RunPage key={run} details={data} />}
    </LoadedEntry>
  );
}

function RunPage({ details }: { readonly details: RunDetails }) {
  const { client } = useCore();
  const names = useFileNames();
  const { run } = details;
  useEffect(() => {
    const load = (): void => void loadSeries(client, run).catch(sayFailed);
    load();
    // After a gap in the events.
    return client.onConnection((state) => {
      if (state === 'open') load();
    });
  }, [client, run]);
  return (
    <Page
      title={runTitle(details)}
      above={<Link href="/runs">{texts.runs.title}</Link>}
      below={
        <>
          <RunBadge state={details.state} />
          <span>{names.model(details.model)}</span>
          <span>{names.data(details.data)}</span>
          <Time at={details.created} />
        </>
      }
      actions={<RunActions details={details} />}
    >
      {details.error !== null && <Failure error={fromWireError(details.error)} />}
      <RunFigures details={details} />
      <Parts details={details} />
      {details.last_lines.length > 0 && (
        <Panel title={words.lastLines}>
          <Code label={words.lastLines}>{details.last_lines.join('\n')}</Code>
        </Panel>
      )}
    </Page>
  );
}

const Parts = ({ details }: { readonly details: RunDetails }) => (
  <Tabs
    label={runTitle(details)}
    parts={[
      { id: 'charts', title: words.tabs.charts, content: <RunCharts details={details} /> },
      { id: 'samples', title: words.tabs.samples, content: <RunSamples run={details.run} /> },
      { id: 'log', title: words.tabs.log, content: <RunLog run={details.run} /> },
      { id: 'configuration', title: words.tabs.configuration, content: <RunConfiguration details={details} /> },
    ]}
  />
);
