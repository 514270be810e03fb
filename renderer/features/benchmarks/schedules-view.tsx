/** Schedules: all of them, and the way to a new one. */
import { Link } from 'react-aria-components';
import { useCall } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ScheduleTable } from './schedule-table.tsx';

const words = texts.schedules;

export function View() {
  const schedules = useCall('schedules.list', {});
  const add = (
    <LinkButton look="primary" to="/benchmarks/schedules/new">
      {words.new}
    </LinkButton>
  );
  return (
    <Page title={words.title} above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>} actions={add}>
      <Loaded query={schedules}>
        {({ schedules: list }) => (
          <Panel>
            {list.length === 0 ? (
              <Empty title={words.empty} action={add}>
                {words.emptyText}
              </Empty>
            ) : (
              <ScheduleTable schedules={list} />
            )}
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}
