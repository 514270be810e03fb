/** The scores of a run: how far each is, what came of it, why it failed. */
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { formatCount, formatNumber, formatSeconds } from '../../../shared/text/format.ts';
import { ScoreBadge } from '../../components/badge.tsx';
import { LinkButton } from '../../components/button.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Progress } from '../../components/progress.tsx';
import { texts } from '../../texts/texts.ts';
import { fileName } from '../runs/run-title.ts';
import { scorePath } from './benchmark-paths.ts';
import { itemRate } from './run-progress.ts';
import { scoreText } from './score-words.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.run;

export const ScoresTable = ({ scores }: { readonly scores: readonly BenchmarkScore[] }) => (
  <PlainTable label={words.scores} columns={words.columns}>
    {scores.map((score) => (
      <ScoreRow key={score.score} score={score} />
    ))}
  </PlainTable>
);

function ScoreRow({ score }: { readonly score: BenchmarkScore }) {
  const { subject, task, state, error, result } = score;
  const rate = itemRate(score);
  const label = fileName(subject.label);
  return (
    <>
      <tr className={error === null ? '' : (styles['failed'] ?? '')}>
        <th scope="row">{label}</th>
        <td>{task}</td>
        <td>
          <ScoreBadge state={state} />
        </td>
        <td className={styles['nowrap']}>
          <Items score={score} />
        </td>
        <td>{rate === null ? '—' : formatNumber(Number(rate.toPrecision(3)))}</td>
        <td className={styles['nowrap']}>{timeOf(score)}</td>
        <td className={styles['nowrap']}>{result === null ? '—' : <Result score={score} />}</td>
        <td>
          {result !== null && (
            <LinkButton small look="quiet" to={scorePath(score.score)} label={words.lookAt(label, task)}>
              {words.look}
            </LinkButton>
          )}
        </td>
      </tr>
      {error !== null && (
        <tr>
          <td colSpan={words.columns.length}>
            <span className={styles['worse']}>{fromWireError(error).message}.</span> <span className="muted">{fromWireError(error).remedy}</span>
          </td>
        </tr>
      )}
    </>
  );
}

function Items({ score: { done, total, state, task } }: { readonly score: BenchmarkScore }) {
  if (state !== 'running') return <>{total === null ? '—' : done === total ? formatCount(total) : `${formatCount(done)} / ${formatCount(total)}`}</>;
  return (
    <div className={styles['progress']}>
      <Progress label={task} value={total === null ? null : done / total} />
      <span className="numeric">{total === null ? formatCount(done) : `${formatCount(done)} / ${formatCount(total)}`}</span>
    </div>
  );
}

function timeOf({ state, eta_seconds: eta, result, started, ended }: BenchmarkScore): string {
  if (state === 'running') return eta === null ? '—' : words.leftOf(formatSeconds(eta));
  if (result !== null) return formatSeconds(result.seconds);
  return started === null || ended === null ? '—' : formatSeconds((Date.parse(ended) - Date.parse(started)) / 1_000);
}

const Result = ({ score: { result } }: { readonly score: BenchmarkScore }) => (
  <>
    {result?.metrics.map((metric, index) => (
      <div key={metric.name}>
        {index === 0 ? <strong>{scoreText(metric)}</strong> : <span className="muted">{`${texts.benchmarks.metrics[metric.name]} ${scoreText(metric)}`}</span>}
      </div>
    ))}
    {result !== null && result.cut_items > 0 && <div className="muted">{words.cut(formatCount(result.cut_items))}</div>}
  </>
);
