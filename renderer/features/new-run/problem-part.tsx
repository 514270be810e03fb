/** What is wrong with the rows, line by line, and how many of them are used. */
import { formatCount } from '../../../shared/text/format.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import type { Preview } from './use-preview.ts';
import styles from './problem-part.module.css';

const words = texts.newRun.data;
const counted = Object.keys(words.facts) as (keyof typeof words.facts)[];

export function ProblemPart({ preview: { problem, problems, facts } }: { readonly preview: Preview }) {
  const error = problem === null ? null : fromWireError(problem);
  // What stops it is said above the list.
  const listed = problems.filter((each) => each.problem !== error?.message);
  const figures = counted.flatMap((key) => (typeof facts[key] === 'number' ? [{ name: words.facts[key], value: formatCount(facts[key]) }] : []));
  return (
    <Panel title={error === null && listed.length === 0 ? words.rowsTitle : words.problems}>
      <div className={styles['part']}>
        {error !== null && (
          <>
            <p className={styles['cannot']}>{words.cannot}</p>
            <Failure error={error} />
          </>
        )}
        {listed.length > 0 && (
          <div className={styles['scroll']} tabIndex={0} role="group" aria-label={words.problems}>
            <table className={styles['table']}>
              <thead>
                <tr>
                  <th scope="col">{words.problemLine}</th>
                  <th scope="col">{words.problemText}</th>
                </tr>
              </thead>
              <tbody>
                {listed.map(({ line, problem: text }) => (
                  <tr key={`${line} ${text}`}>
                    <td>{line === 0 ? words.whole : formatCount(line)}</td>
                    <td>{text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Facts facts={figures} />
      </div>
    </Panel>
  );
}
