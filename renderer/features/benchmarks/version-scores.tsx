/** The scores of a version in a table: how good, against its base, on what, put how. */
import { Link } from 'react-aria-components';
import type { VersionKey } from '../../../shared/domain/version.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { comparisonPath, scorePath } from './benchmark-paths.ts';
import { Delta } from './delta.tsx';
import { scoreText, settingsText } from './score-words.ts';
import { useVersionScores, type VersionScore } from './use-version-scores.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.version;

export function VersionScores({ version }: { readonly version: VersionKey }) {
  const { scores, error } = useVersionScores(version);
  if (error !== null) return <Failure error={error} />;
  if (scores === undefined) return <Loading />;
  if (scores.length === 0) return <p className="muted">{words.none}</p>;
  return (
    <PlainTable label={texts.benchmarks.title} columns={words.columns}>
      {scores.map((each) => (
        <ScoreRow key={each.score.score} {...each} />
      ))}
    </PlainTable>
  );
}

function ScoreRow({ score, base, comparison }: VersionScore) {
  const metric = score.result.metrics[0];
  return (
    <tr>
      <th scope="row" className={styles['nowrap']}>
        <Link href={scorePath(score.score)}>{score.task}</Link>
      </th>
      <td className={styles['nowrap']}>{metric === undefined ? '—' : scoreText(metric)}</td>
      <td className={styles['nowrap']}>
        {base === null ? (
          <span className="muted">{words.noBase}</span>
        ) : comparison === null ? (
          '—'
        ) : (
          <Link href={comparisonPath([base.score, score.score])}>
            <Delta comparison={comparison} />
          </Link>
        )}
      </td>
      <td className="muted">{settingsText(score.result)}</td>
    </tr>
  );
}
