/** Scores on rows that were not trained on: before and after, and what can be said of them. */
import type { Evaluation } from '../../../shared/domain/version-record.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { Change } from './change.tsx';
import { evaluationInWords, scoreRows } from './evidence-words.ts';
import styles from './evidence.module.css';

const words = texts.registry.evaluation;

export function EvaluationText({ evaluation }: { readonly evaluation: Evaluation | null }) {
  if (evaluation === null) return <p className="muted">{words.none}</p>;
  return (
    <>
      <Scores evaluation={evaluation} />
      {evaluationInWords(evaluation).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </>
  );
}

function Scores({ evaluation }: { readonly evaluation: Evaluation }) {
  const hasBefore = evaluation.before !== null;
  const { score, before, after, change } = words.columns;
  return (
    <PlainTable label={words.title} columns={hasBefore ? [score, before, after, change] : [score, after]}>
      {scoreRows(evaluation).map((row) => (
        <tr key={row.score}>
          <th scope="row">{words.scores[row.score]}</th>
          {hasBefore && <td className={styles['figure']}>{row.before ?? '—'}</td>}
          <td className={styles['figure']}>
            <strong>{row.after}</strong>
          </td>
          {hasBefore && <td>{row.change === null ? '—' : <Change text={row.change} isBetter={row.isBetter} />}</td>}
        </tr>
      ))}
    </PlainTable>
  );
}
