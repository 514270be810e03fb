/** One task's scores under one name: a curve with errors, the base's score as its level, and the figures in a table. */
import { Link } from 'react-aria-components';
import { ErrorBars } from '../../charts/error-bars.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { scorePath } from './benchmark-paths.ts';
import { baseScore, type BaseHashes, type DoneScore } from './score-matrix.ts';
import { bareValue, isShare, scoreText } from './score-words.ts';
import { trendPoints, type TrendOrder } from './trend-points.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.trends;

interface TrendPanelProps {
  readonly task: string;
  /** Newest first. */
  readonly scores: readonly DoneScore[];
  readonly all: readonly DoneScore[];
  readonly bases: BaseHashes;
  readonly order: TrendOrder;
}

export function TrendPanel({ task, scores, all, bases, order }: TrendPanelProps) {
  const points = trendPoints(scores, order);
  const [first, last] = [points[0], points.at(-1)];
  const metric = first?.score.result.metrics[0]?.name;
  if (first === undefined || last === undefined || metric === undefined) return null;
  const base = baseScore(last.score, all, bases);
  const level = base?.result.metrics[0];
  const format = (value: number): string => bareValue(metric, value);
  return (
    <Panel title={`${task}: ${texts.benchmarks.metrics[metric]}${isShare(metric) ? ', %' : ''}`}>
      <div className={styles['stack']}>
        <ErrorBars
          label={words.chart(task, textOf(first.score), textOf(last.score))}
          points={points.map(({ score, ...point }) => ({ ...point, id: score.score, tip: `${point.label}: ${textOf(score)}` }))}
          format={format}
          level={level?.value ?? null}
        />
        {base !== null && <p className={styles['level']}>{words.base(base.subject.label, textOf(base))}</p>}
        <Disclosure title={words.table(task)}>
          <PlainTable label={words.table(task)} columns={words.columns}>
            {points.toReversed().map(({ score, label }) => (
              <tr key={score.score}>
                <th scope="row">
                  <Link href={scorePath(score.score)}>{label}</Link>
                </th>
                <td className={styles['nowrap']}>{textOf(score)}</td>
                <td className={styles['nowrap']}>{score.ended !== null && <Time at={score.ended} />}</td>
              </tr>
            ))}
          </PlainTable>
        </Disclosure>
      </div>
    </Panel>
  );
}

const textOf = ({ result: { metrics } }: DoneScore): string => (metrics[0] === undefined ? '—' : scoreText(metrics[0]));
