/** Schedules in a table: when next, what became of the last time, and the switch. */
import { Link } from 'react-aria-components';
import type { Schedule, SlotOutcome } from '../../../shared/contracts/schedule-calls.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { SwitchField } from '../../components/field.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Time } from '../../components/time.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkTitle } from './benchmark-title.ts';
import { schedulePath } from './benchmark-paths.ts';
import styles from './benchmarks.module.css';

const words = texts.schedules;
const { name: nameTitle, what, next, last, on } = words.columns;

const tones: Readonly<Record<SlotOutcome, Tone>> = { started: 'good', missed: 'warn', overlapped: 'neutral', failed: 'bad' };
export const OutcomeBadge = ({ outcome }: { readonly outcome: SlotOutcome }) => <Badge tone={tones[outcome]}>{words.outcomes[outcome]}</Badge>;

export const ScheduleTable = ({ schedules }: { readonly schedules: readonly Schedule[] }) => (
  <PlainTable label={words.title} columns={[nameTitle, what, next, last, on]}>
    {schedules.map((schedule) => (
      <ScheduleRow key={schedule.name} schedule={schedule} />
    ))}
  </PlainTable>
);

const ScheduleRow = ({ schedule }: { readonly schedule: Schedule }) => {
  const { name, rules, last: slot } = schedule;
  return (
    <tr>
      <th scope="row">
        <Link href={schedulePath(name)}>{name}</Link>
      </th>
      <td>{benchmarkTitle({ subjects: rules.models, tasks: rules.benchmarks })}</td>
      <td className={styles['nowrap']}>
        <NextTime schedule={schedule} />
      </td>
      <td className={styles['nowrap']}>
        {slot === null ? (
          <span className="muted">{words.never}</span>
        ) : (
          <>
            <OutcomeBadge outcome={slot.outcome} /> <Time at={slot.slot} />
          </>
        )}
      </td>
      <td>
        <EnabledSwitch schedule={schedule} />
      </td>
    </tr>
  );
};

function NextTime({ schedule: { enabled, next: times, rules } }: { readonly schedule: Schedule }) {
  const [time] = times;
  if (time !== undefined) return <Time at={time} />;
  return <span className="muted">{!enabled ? words.off : rules.schedule_type === 'manual' ? words.byHand : '—'}</span>;
}

export function EnabledSwitch({ schedule: { name, enabled } }: { readonly schedule: Schedule }) {
  const update = useAct('schedules.update', ['schedules.list']);
  // While it is being saved it shows what it will be.
  const shown = update.isPending ? (update.variables.enabled ?? enabled) : enabled;
  return <SwitchField label={words.enable(name)} hideLabel value={shown} onChange={(isOn) => update.mutate({ name, enabled: isOn }, { onError: sayFailed })} />;
}
