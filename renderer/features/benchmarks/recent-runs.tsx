/** The last benchmark runs, in a small table. */
import { Link } from 'react-aria-components';
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { BenchmarkBadge } from '../../components/badge.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath, schedulePath } from './benchmark-paths.ts';
import { benchmarkTitle } from './benchmark-title.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.overview;
const { run, state, scores, by, when } = words.columns;

export const RecentRuns = ({ runs }: { readonly runs: readonly BenchmarkRun[] }) => (
  <Panel title={words.recent}>
    {runs.length === 0 ? (
      <p className="muted">{words.noRuns}</p>
    ) : (
      <PlainTable label={words.recent} columns={[run, state, scores, by, when]}>
        {runs.map((each) => (
          <tr key={each.run}>
            <th scope="row">
              <Link href={benchmarkRunPath(each.run)}>{benchmarkTitle(each)}</Link>
            </th>
            <td>
              <BenchmarkBadge state={each.state} />
            </td>
            <td className={styles['nowrap']}>{`${each.done} / ${each.total}`}</td>
            <td>{each.schedule === null ? words.byHand : <Link href={schedulePath(each.schedule.name)}>{each.schedule.name}</Link>}</td>
            <td className={styles['nowrap']}>
              <Time at={each.created} />
            </td>
          </tr>
        ))}
      </PlainTable>
    )}
  </Panel>
);
