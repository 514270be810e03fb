/** How a schedule's scores are made, and what happens when something comes between. */
import { DecimalField } from '../../components/decimal-field.tsx';
import { SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { useCall } from '../../bridge/core-context.tsx';
import { FileField } from '../files/file-field.tsx';
import { texts } from '../../texts/texts.ts';
import type { ScheduleFieldsProps } from './when-fields.tsx';
import styles from './benchmarks.module.css';

const words = texts.schedules;
const labels = texts.benchmarks.new;
const missedChoices = (['run_once', 'skip'] as const).map((id) => ({ id, label: words.missedChoices[id] }));
const overlapChoices = (['skip', 'queue'] as const).map((id) => ({ id, label: words.overlapChoices[id] }));

export function PolicyFields({ draft, problems, onChange }: ScheduleFieldsProps) {
  const { data } = useCall('benchmarks.tasks', {});
  const problem = (field: string): string | null => problems.get(field) ?? null;
  return (
    <div className={styles['fields']}>
      <DecimalField
        label={labels.limit}
        help={labels.limitHelp}
        placeholder={labels.limitAll}
        problem={problem('limit')}
        value={draft.limit}
        onChange={(limit) => onChange({ limit })}
      />
      <DecimalField
        label={labels.shots}
        help={labels.shotsHelp}
        problem={problem('num_fewshot')}
        value={draft.num_fewshot}
        onChange={(shots) => onChange({ num_fewshot: shots })}
      />
      <SwitchField label={labels.chat} help={labels.chatHelp} value={draft.chat_template} onChange={(asChat) => onChange({ chat_template: asChat })} />
      <SelectField label={words.missed} help={words.missedHelp} value={draft.missed} onChange={(missed) => onChange({ missed })} choices={missedChoices} />
      <SelectField label={words.overlap} value={draft.overlap} onChange={(overlap) => onChange({ overlap })} choices={overlapChoices} />
      <DecimalField
        label={words.alert}
        help={words.alertHelp}
        problem={problem('alert_significance')}
        value={draft.alert_significance}
        onChange={(level) => onChange({ alert_significance: level })}
      />
      <DecimalField
        label={labels.parallel}
        help={labels.parallelHelp}
        problem={problem('max_concurrency')}
        value={draft.max_concurrency}
        onChange={(count) => onChange({ max_concurrency: count })}
      />
      <TextField
        label={labels.timeout}
        help={labels.timeoutHelp}
        placeholder={labels.timeoutNone}
        problem={problem('timeout')}
        value={draft.timeout}
        onChange={(timeout) => onChange({ timeout })}
      />
      <FileField
        label={labels.folder}
        kind="folder"
        {...(data !== undefined && { help: labels.folderHelp(data.folder) })}
        problem={problem('data_folder')}
        value={draft.data_folder ?? ''}
        onChange={(folder) => onChange({ data_folder: folder === '' ? null : folder })}
      />
    </div>
  );
}
