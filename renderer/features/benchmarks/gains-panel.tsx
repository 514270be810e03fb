/** Beside each gain its price: on which tasks a tuned model is better than its base, and on which worse. */
import { Link } from 'react-aria-components';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { flipsPath } from './benchmark-paths.ts';
import { gainsOf } from './gains.ts';
import type { ScoreMatrix } from './score-matrix.ts';
import { differenceText } from './score-words.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.overview;

interface GainsPanelProps {
  readonly matrix: ScoreMatrix;
  readonly comparisons: ReadonlyMap<string, PairedComparison>;
}

export function GainsPanel({ matrix, comparisons }: GainsPanelProps) {
  const gains = gainsOf(matrix, comparisons);
  if (gains.length === 0) return null;
  return (
    <Panel title={words.gains}>
      <div className={styles['stack']}>
        <PlainTable label={words.gains} columns={[words.subject, words.gained, words.lost, words.undecided]}>
          {gains.map(({ key, label, better, worse, undecided }) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>
                <Tasks comparisons={better} />
              </td>
              <td>
                <Tasks comparisons={worse} />
              </td>
              <td>
                <Tasks comparisons={undecided} />
              </td>
            </tr>
          ))}
        </PlainTable>
        <p className="muted">{words.lostNote}</p>
      </div>
    </Panel>
  );
}

const Tasks = ({ comparisons }: { readonly comparisons: readonly PairedComparison[] }) =>
  comparisons.length === 0 ? (
    <span className={`muted ${styles['nowrap'] ?? ''}`}>{words.nothing}</span>
  ) : (
    <div className={styles['chips']}>
      {comparisons.map((comparison) => (
        <Task key={comparison.other} comparison={comparison} />
      ))}
    </div>
  );

const Task = ({ comparison: { task, metric, difference, verdict, base, other, mcnemar } }: { readonly comparison: PairedComparison }) => (
  <span className={styles['nowrap']}>
    {mcnemar === null ? task : <Link href={flipsPath(base, other, 'both')}>{task}</Link>}{' '}
    <span className={styles[verdict]}>{differenceText(metric, difference)}</span>
  </span>
);
