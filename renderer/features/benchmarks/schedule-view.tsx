/** One schedule: its rules, its next times, what became of those before; and what can be done with it. */
import { useState } from 'react';
import { Ellipsis } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useNavigate, useParams } from 'react-router';
import type { Schedule } from '../../../shared/contracts/schedule-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { NoEntry } from '../../components/entry.tsx';
import { Facts } from '../../components/facts.tsx';
import { Menu } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath, schedulePath } from './benchmark-paths.ts';
import { scheduleList } from './entry-lists.ts';
import { ScheduleHistory } from './schedule-history.tsx';
import { EnabledSwitch } from './schedule-table.tsx';
import { settingsText } from './score-words.ts';
import { TimesList } from './times-list.tsx';
import { whenText } from './when-words.ts';
import styles from './benchmarks.module.css';

const words = texts.schedules;

export function View() {
  const { name = '' } = useParams();
  const schedules = useCall('schedules.list', {});
  return (
    <Loaded query={schedules}>
      {({ schedules: list }) => {
        const schedule = list.find((each) => each.name === name);
        return schedule === undefined ? <NoEntry name={name} list={scheduleList} /> : <SchedulePage key={name} schedule={schedule} />;
      }}
    </Loaded>
  );
}

const SchedulePage = ({ schedule }: { readonly schedule: Schedule }) => (
  <Page
    title={schedule.name}
    above={<Link href={scheduleList.href}>{words.title}</Link>}
    below={
      <>
        <EnabledSwitch schedule={schedule} />
        <span>{schedule.enabled ? words.on : words.off}</span>
        <span>{whenText(schedule.rules)}</span>
      </>
    }
    actions={<Actions schedule={schedule} />}
  >
    <div className={styles['columns']}>
      <Panel title={words.facts}>
        <Rules schedule={schedule} />
      </Panel>
      <Panel title={words.nextTimes}>
        {schedule.next.length > 0 ? (
          <TimesList times={schedule.next} zone={schedule.rules.time_zone} />
        ) : (
          <p className="muted">{schedule.enabled ? words.noTimes : words.offTimes}</p>
        )}
      </Panel>
    </div>
    <ScheduleHistory name={schedule.name} />
  </Page>
);

function Rules({ schedule: { rules } }: { readonly schedule: Schedule }) {
  const { new: labels } = texts.benchmarks;
  return (
    <Facts
      wide
      facts={[
        { name: labels.subjects, value: rules.models.join(', ') },
        { name: labels.tasks, value: rules.benchmarks.join(', ') },
        { name: labels.settings, value: settingsText(rules) },
        { name: words.when, value: whenText(rules) },
        { name: words.missed, value: words.missedChoices[rules.missed] },
        { name: words.overlap, value: words.overlapChoices[rules.overlap] },
        { name: labels.parallel, value: rules.max_concurrency },
        { name: labels.timeout, value: rules.timeout ?? labels.timeoutNone },
        { name: words.alert, value: rules.alert_significance },
      ]}
    />
  );
}

function Actions({ schedule: { name } }: { readonly schedule: Schedule }) {
  const navigate = useNavigate();
  const runNow = useAct('schedules.runNow', ['schedules.history', 'schedules.list']);
  const remove = useAct('schedules.remove');
  const [isRemoving, setRemoving] = useState(false);
  const start = (): void => runNow.mutate({ name }, { onError: sayFailed, onSuccess: ({ run }) => void navigate(benchmarkRunPath(run)) });
  const onRemoved = (): void => {
    sayDone(words.removed(name));
    void navigate('/benchmarks/schedules');
  };
  return (
    <>
      <Button look="primary" onPress={start} isPending={runNow.isPending}>
        {words.runNow}
      </Button>
      <LinkButton to={`${schedulePath(name)}/edit`}>{words.edit}</LinkButton>
      <Menu label={texts.actions.more} actions={[{ id: 'remove', label: words.remove, danger: true, act: () => setRemoving(true) }]}>
        <Ellipsis aria-hidden />
      </Menu>
      <Confirm
        isOpen={isRemoving}
        danger
        title={words.removeTitle(name)}
        confirm={words.removeDo}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate({ name }, { onError: sayFailed, onSuccess: onRemoved })}
      >
        <p>{words.removeText}</p>
      </Confirm>
    </>
  );
}
