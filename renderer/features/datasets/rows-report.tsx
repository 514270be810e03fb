/** What became of the rows of a file: what is wrong with which of them, and how many are used. */
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { rowFacts } from './row-facts.ts';
import { RowProblems } from './row-problems.tsx';
import type { Preview } from './rows-preview.tsx';
import styles from './row-problems.module.css';

const words = texts.shelf.rows;

export function RowsReport({ preview: { problem, problems, facts } }: { readonly preview: Preview }) {
  const error = problem === null ? null : fromWireError(problem);
  // What stops it is said above the list.
  const listed = problems.filter((each) => each.problem !== error?.message);
  return (
    <Panel title={error === null && listed.length === 0 ? words.title : words.problems}>
      <div className={styles['part']}>
        {error !== null && (
          <>
            <p className={styles['cannot']}>{words.cannot}</p>
            <Failure error={error} />
          </>
        )}
        {listed.length > 0 && <RowProblems problems={listed} />}
        <Facts facts={rowFacts(facts)} />
      </div>
    </Panel>
  );
}
