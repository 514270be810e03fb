/** The matrix of scores: models in rows, tasks in columns. Cells are chosen to be compared; arrow keys move between them. */
import { Cell, Column, Link, Row, Table, TableBody, TableHeader, ToggleButton } from 'react-aria-components';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { texts } from '../../texts/texts.ts';
import { comparisonPath } from './benchmark-paths.ts';
import { Delta } from './delta.tsx';
import { areComparable, type DoneScore, type MatrixRow, type ScoreMatrix } from './score-matrix.ts';
import { bareValue, isShare } from './score-words.ts';
import styles from './matrix-table.module.css';

const words = texts.benchmarks.overview;

interface MatrixTableProps {
  readonly matrix: ScoreMatrix;
  /** By the score that is compared with its base's. */
  readonly comparisons: ReadonlyMap<string, PairedComparison>;
  readonly datasets: ReadonlyMap<string, string>;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (score: string, isChosen: boolean) => void;
}

export function MatrixTable({ matrix, ...cells }: MatrixTableProps) {
  const { tasks, rows } = matrix;
  return (
    <div className={styles['scroll']}>
      <Table aria-label={words.matrix} className={styles['table'] ?? ''}>
        <TableHeader>
          <Column id="subject" isRowHeader className={styles['corner'] ?? ''}>
            {words.subject}
          </Column>
          {tasks.map((task) => (
            <Column key={task} id={task} textValue={task} className={styles['task'] ?? ''}>
              {task}
              <span className={styles['metric']}>{metricOf(rows, task)}</span>
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.key} id={row.key} textValue={row.label} className={styles['row'] ?? ''}>
              <Cell className={styles['subject'] ?? ''}>
                <Subject row={row} matrix={matrix} dataset={cells.datasets.get(row.label) ?? null} />
              </Cell>
              {tasks.map((task) => (
                <Cell key={task} className={styles['cell'] ?? ''}>
                  <Score score={row.cells.get(task)} {...cells} />
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function metricOf(rows: readonly MatrixRow[], task: string): string {
  const name = rows.map(({ cells }) => cells.get(task)?.result.metrics[0]?.name).find((each) => each !== undefined);
  return name === undefined ? '' : `${texts.benchmarks.metrics[name]}${isShare(name) ? ', %' : ''}`;
}

interface SubjectProps {
  readonly row: MatrixRow;
  readonly matrix: ScoreMatrix;
  readonly dataset: string | null;
}

function Subject({ row, matrix, dataset }: SubjectProps) {
  const base = matrix.rows.find(({ key }) => key === row.base);
  const both = base === undefined ? [] : matrix.tasks.flatMap((task) => pair(base.cells.get(task), row.cells.get(task)));
  return (
    <div className={base === undefined ? styles['name'] : `${styles['name']} ${styles['made']}`}>
      <span className={styles['label']} title={row.label}>
        {row.label}
      </span>
      {(dataset !== null || both.length > 0) && (
        <span className={styles['note']}>
          {both.length > 0 && (
            <Link href={comparisonPath(both)} aria-label={words.compareRow(row.label)}>
              {words.withBase}
            </Link>
          )}
          {dataset !== null && <span title={words.trainedOn(dataset)}>{words.trainedOn(dataset)}</span>}
        </span>
      )}
    </div>
  );
}

const pair = (base: DoneScore | undefined, other: DoneScore | undefined): readonly string[] =>
  base !== undefined && other !== undefined && areComparable(base, other) ? [base.score, other.score] : [];

interface ScoreProps extends Omit<MatrixTableProps, 'matrix' | 'datasets'> {
  readonly score: DoneScore | undefined;
}

function Score({ score, comparisons, chosen, onChoose }: ScoreProps) {
  const metric = score?.result.metrics[0];
  if (score === undefined || metric === undefined) return <span className={styles['nothing']}>—</span>;
  const comparison = comparisons.get(score.score);
  return (
    <ToggleButton className={styles['score'] ?? ''} isSelected={chosen.has(score.score)} onChange={(isChosen) => onChoose(score.score, isChosen)}>
      <span>
        <span className="visually-hidden">{words.choose(score.subject.label, score.task)}</span>
        <strong>{bareValue(metric.name, metric.value)}</strong>
        {metric.stderr !== null && <span className={styles['error']}> ± {bareValue(metric.name, metric.stderr)}</span>}
      </span>
      {comparison !== undefined && <Delta comparison={comparison} />}
    </ToggleButton>
  );
}
