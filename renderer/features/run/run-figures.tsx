/** The figures of a run that are looked at first. */
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../../shared/text/format.ts';
import { useSeries, type RunSeries, type StepColumn } from '../../bridge/run-series.ts';
import { Figure, Figures } from '../../components/facts.tsx';
import { Progress } from '../../components/progress.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.runs.run;

export function RunFigures({ details }: { readonly details: RunDetails }) {
  const series = useSeries(details.run);
  const { step, steps, state, result } = details;
  const loss = last(series, 'loss') ?? details.loss;
  const evalLoss = series?.evaluations.at(-1)?.eval_loss ?? details.eval_loss;
  const shownStep = Math.max(step, series?.table.lastStep ?? 0);
  const eta = state === 'running' ? (series?.etaSeconds ?? null) : null;
  return (
    <Figures>
      <Figure
        name={words.step}
        value={steps === null ? formatCount(shownStep) : `${formatCount(shownStep)} / ${formatCount(steps)}`}
        note={steps !== null && steps > 0 && <Progress label={words.step} value={Math.min(1, shownStep / steps)} />}
      />
      <Figure name={words.loss} value={shown(loss, formatNumber)} />
      <Figure name={words.perplexity} value={shown(evalLoss === null ? null : Math.exp(evalLoss), formatNumber)} />
      <Figure name={words.tokensPerSecond} value={shown(last(series, 'tokens_per_second'), formatCount)} />
      <Figure name={words.memory} value={shown(result?.peak_rss_bytes ?? last(series, 'rss_bytes'), formatBytes)} />
      <Figure name={eta === null ? words.took : words.left} value={shown(eta ?? tookSeconds(details), formatSeconds)} />
    </Figures>
  );
}

const shown = (value: number | null, format: (value: number) => string): string => (value === null ? '—' : format(value));

const last = (series: RunSeries | undefined, column: StepColumn): number | null => series?.table.column(column).at(-1) ?? null;

function tookSeconds({ result, started, ended }: RunDetails): number | null {
  if (result !== null) return result.seconds;
  return started === null || ended === null ? null : (Date.parse(ended) - Date.parse(started)) / 1_000;
}
