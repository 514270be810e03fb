/** What became of a schedule's times. */
import { Link } from 'react-aria-components';
import type { ScheduleSlot } from '../../../shared/contracts/schedule-calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath } from './benchmark-paths.ts';
import { OutcomeBadge } from './schedule-table.tsx';
import styles from './benchmarks.module.css';

const words = texts.schedules;

export function ScheduleHistory({ name }: { readonly name: string }) {
  const history = useCall('schedules.history', { name });
  return (
    <Panel title={words.history}>
      <Loaded query={history}>
        {({ slots }) =>
          slots.length === 0 ? (
            <p className="muted">{words.noHistory}</p>
          ) : (
            <PlainTable label={words.history} columns={words.historyColumns}>
              {slots.map((slot) => (
                <SlotRow key={`${slot.slot} ${slot.at}`} slot={slot} />
              ))}
            </PlainTable>
          )
        }
      </Loaded>
    </Panel>
  );
}

const SlotRow = ({ slot: { slot, at, outcome, run, problem } }: { readonly slot: ScheduleSlot }) => (
  <tr>
    <th scope="row" className={styles['nowrap']}>
      <Time at={slot} />
    </th>
    <td>
      <OutcomeBadge outcome={outcome} /> {problem !== null && <span className="muted">{problem}</span>}
    </td>
    <td className={styles['nowrap']}>
      <Time at={at} />
    </td>
    <td>{run === null ? '—' : <Link href={benchmarkRunPath(run)}>{words.look}</Link>}</td>
  </tr>
);
