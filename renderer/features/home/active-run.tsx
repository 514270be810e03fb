/** A run that is at work, in a line: its curve, how far it is, how long it still takes. */
import { useEffect } from 'react';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { formatCount, formatNumber, formatSeconds } from '../../../shared/text/format.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { loadSeries, useSeries } from '../../bridge/run-series.ts';
import { decimate } from '../../charts/decimate.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { RunBadge } from '../../components/badge.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { WorkRow } from '../../components/work-row.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';

const sparkPoints = 60;

export function ActiveRun({ run }: { readonly run: Run }) {
  const { client } = useCore();
  const series = useSeries(run.run);
  useEffect(() => void loadSeries(client, run.run).catch(sayFailed), [client, run.run]);
  const table = series?.table;
  const points = table === undefined ? [] : decimate(table.column('step'), table.column('loss'), { from: -Infinity, to: Infinity }, sparkPoints);
  const eta = series?.etaSeconds ?? null;
  return (
    <WorkRow
      title={runTitle(run)}
      href={`/runs/${run.run}`}
      badge={<RunBadge state={run.state} />}
      curve={<Sparkline values={points.map(({ y }) => y)} label={texts.runs.columns.curve} />}
      done={run.steps === null ? null : Math.min(1, run.step / run.steps)}
      facts={[
        run.steps === null ? null : texts.home.step(formatCount(run.step), formatCount(run.steps)),
        run.loss === null ? null : `${texts.runs.run.loss.toLowerCase()} ${formatNumber(run.loss)}`,
        eta === null || run.state !== 'running' ? null : texts.home.left(formatSeconds(eta)),
      ]}
    />
  );
}
