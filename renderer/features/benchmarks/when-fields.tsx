/** When a schedule runs, and the next five times that come of it, as they are written. */
import { useDeferredValue } from 'react';
import { useCall } from '../../bridge/core-context.tsx';
import { ComboField } from '../../components/combo-field.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { timesOf, type ScheduleDraft } from './schedule-draft.ts';
import { TimesList } from './times-list.tsx';
import styles from './benchmarks.module.css';

const words = texts.schedules;
const kinds = (['cron', 'interval', 'manual'] as const).map((id) => ({ id, label: words.kinds[id] }));
const crons = ['0 2 * * *', '0 6 * * 1', '0 */6 * * *', '30 1 1 * *'];
const intervals = ['6h', '12h', '1d', '7d'];
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export interface ScheduleFieldsProps {
  readonly draft: ScheduleDraft;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (change: Partial<ScheduleDraft>) => void;
}

export function WhenFields({ draft, problems, onChange }: ScheduleFieldsProps) {
  return (
    <>
      <div className={styles['fields']}>
        <SelectField label={words.kind} value={draft.schedule_type} onChange={(type) => onChange({ schedule_type: type })} choices={kinds} />
        {draft.schedule_type === 'cron' && (
          <>
            <ComboField
              label={words.cron}
              help={words.cronHelp}
              value={draft.cron_expression}
              onChange={(cron) => onChange({ cron_expression: cron })}
              proposals={crons}
              problem={problems.get('cron_expression') ?? null}
            />
            <ComboField
              label={words.zone}
              help={words.zoneHelp}
              value={draft.time_zone}
              onChange={(zone) => onChange({ time_zone: zone })}
              proposals={zones}
              problem={problems.get('time_zone') ?? null}
            />
          </>
        )}
        {draft.schedule_type === 'interval' && (
          <TextField
            label={words.interval}
            help={words.intervalHelp}
            placeholder={intervals[0] ?? ''}
            value={draft.interval}
            onChange={(interval) => onChange({ interval })}
            problem={draft.interval === '' ? null : (problems.get('interval') ?? null)}
          />
        )}
      </div>
      {draft.schedule_type !== 'manual' && <NextTimes draft={draft} />}
    </>
  );
}

function NextTimes({ draft }: { readonly draft: ScheduleDraft }) {
  const rules = timesOf(useDeferredValue(draft));
  const next = useCall('schedules.next', { rules: rules ?? blankRules, count: 5 }, { enabled: rules !== null, keepPrevious: true });
  return (
    <div className={styles['stack']} aria-live="polite">
      <h3>{words.times}</h3>
      {rules === null ? (
        <p className="muted">{words.timesUnknown}</p>
      ) : next.error !== null ? (
        <Failure error={next.error} />
      ) : (
        next.data !== undefined && <TimesList times={next.data.next} zone={rules.time_zone} />
      )}
    </div>
  );
}

/** Never asked for. */
const blankRules = { schedule_type: 'manual' as const, models: ['x'], benchmarks: ['x'] };
