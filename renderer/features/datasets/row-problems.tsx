/** What is wrong with rows, line by line. */
import { formatCount } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';
import styles from './row-problems.module.css';

const words = texts.shelf.rows;

interface RowProblemsProps {
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

export const RowProblems = ({ problems }: RowProblemsProps) => (
  <div className={styles['scroll']} tabIndex={0} role="group" aria-label={words.problems}>
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{words.problemLine}</th>
          <th scope="col">{words.problemText}</th>
        </tr>
      </thead>
      <tbody>
        {problems.map(({ line, problem }) => (
          <tr key={`${line} ${problem}`}>
            <td>{line === 0 ? words.whole : formatCount(line)}</td>
            <td>{problem}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
