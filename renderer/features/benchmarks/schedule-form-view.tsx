/** A schedule is made or changed: what, on what, when, and what happens when something comes between. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useParams } from 'react-router';
import type { Schedule } from '../../../shared/contracts/schedule-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { NoEntry } from '../../components/entry.tsx';
import { SwitchField, TextField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { schedulePath } from './benchmark-paths.ts';
import { scheduleList } from './entry-lists.ts';
import { PolicyFields } from './policy-fields.tsx';
import { blankSchedule, checkSchedule, draftOfSchedule, type ScheduleDraft } from './schedule-draft.ts';
import { SubjectsField } from './subjects-field.tsx';
import { TasksField } from './tasks-field.tsx';
import { WhenFields } from './when-fields.tsx';
import styles from './benchmarks.module.css';

const words = texts.schedules;

export function View() {
  const { name } = useParams();
  const schedules = useCall('schedules.list', {});
  if (name === undefined) return <ScheduleForm schedule={null} />;
  return (
    <Loaded query={schedules}>
      {({ schedules: list }) => {
        const schedule = list.find((each) => each.name === name);
        return schedule === undefined ? <NoEntry name={name} list={scheduleList} /> : <ScheduleForm key={name} schedule={schedule} />;
      }}
    </Loaded>
  );
}

function ScheduleForm({ schedule }: { readonly schedule: Schedule | null }) {
  const [draft, setDraft] = useState(schedule === null ? blankSchedule : draftOfSchedule(schedule));
  const [isOn, setOn] = useState(true);
  const change = (part: Partial<ScheduleDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const { rules, problems } = checkSchedule(draft);
  const fields = { draft, problems, onChange: change };
  const saving = useSaving(schedule);
  const canSave = rules !== null && !problems.has('name');
  return (
    <Page title={schedule === null ? words.new : words.change(schedule.name)} above={<Link href="/benchmarks/schedules">{words.title}</Link>}>
      <Panel title={words.when}>
        <div className={styles['stack']}>
          {schedule === null && (
            <div className={styles['fields']}>
              <TextField
                label={words.name}
                help={words.nameHelp}
                value={draft.name}
                onChange={(name) => change({ name })}
                problem={draft.name === '' ? null : (problems.get('name') ?? null)}
              />
              <SwitchField label={words.enabled} value={isOn} onChange={setOn} />
            </div>
          )}
          <WhenFields {...fields} />
        </div>
      </Panel>
      <Panel title={texts.benchmarks.new.subjects}>
        <SubjectsField value={draft.models} onChange={(models) => change({ models })} />
      </Panel>
      <Panel title={texts.benchmarks.new.tasks}>
        <TasksField value={draft.benchmarks} onChange={(benchmarks) => change({ benchmarks })} hasOwnFolder={draft.data_folder !== null} />
      </Panel>
      <Panel title={words.how}>
        <PolicyFields {...fields} />
      </Panel>
      {saving.error !== null && <Failure error={saving.error} />}
      <div className={styles['buttons']}>
        <Button
          look="primary"
          isDisabled={!canSave}
          isPending={saving.isPending}
          onPress={() => rules !== null && saving.save({ name: draft.name, rules, enabled: isOn })}
        >
          {schedule === null ? words.add : words.save}
        </Button>
        <LinkButton to={schedule === null ? '/benchmarks/schedules' : schedulePath(schedule.name)}>{texts.actions.cancel}</LinkButton>
        {!canSave && <span className="muted">{missing(draft, problems)}</span>}
      </div>
    </Page>
  );
}

/** What is still missing is said; what is wrong says its field. */
function missing(draft: ScheduleDraft, problems: ReadonlyMap<string, string>): string {
  const said = [
    draft.name === '' && words.nameMissing,
    problems.has('models') && texts.benchmarks.new.noSubjects,
    problems.has('benchmarks') && texts.benchmarks.new.noTasks,
  ].filter((each) => each !== false);
  return said.length > 0 ? said.join(' ') : texts.benchmarks.new.wrong;
}

function useSaving(schedule: Schedule | null) {
  const navigate = useNavigate();
  const add = useAct('schedules.add', ['schedules.list']);
  const update = useAct('schedules.update', ['schedules.list']);
  const onSuccess = ({ name }: Schedule): void => {
    sayDone(schedule === null ? words.added(name) : words.saved(name));
    void navigate(schedulePath(name));
  };
  const save = ({ name, rules, enabled }: Pick<Schedule, 'name' | 'rules' | 'enabled'>): void =>
    schedule === null ? add.mutate({ name, rules, enabled }, { onSuccess }) : update.mutate({ name: schedule.name, rules }, { onSuccess });
  return { save, error: add.error ?? update.error, isPending: add.isPending || update.isPending };
}
