/** The schedules in short: when next, what became of the last time, on or off. */
import { Link } from 'react-aria-components';
import { useCall } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ScheduleTable } from './schedule-table.tsx';
import styles from './benchmarks.module.css';

const words = texts.schedules;

export function SchedulesPanel() {
  const schedules = useCall('schedules.list', {});
  return (
    <Panel
      title={words.title}
      actions={
        <LinkButton look="quiet" small to="/benchmarks/schedules/new">
          {words.new}
        </LinkButton>
      }
    >
      <Loaded query={schedules}>
        {({ schedules: list }) =>
          list.length === 0 ? (
            <p className="muted">{words.emptyText}</p>
          ) : (
            <div className={styles['stack']}>
              <ScheduleTable schedules={list} />
              <Link href="/benchmarks/schedules">{words.all}</Link>
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
