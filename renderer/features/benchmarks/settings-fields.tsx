/** How questions are put: what scores must have in common, and what only decides how long they take. */
import { useCall } from '../../bridge/core-context.tsx';
import { DecimalField } from '../../components/decimal-field.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import type { RequestDraft } from './request-draft.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.new;
const precisions = (['auto', 'fp32', 'bf16'] as const).map((id) => ({ id, label: words.precisions[id] }));

interface SettingsFieldsProps {
  readonly draft: RequestDraft;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (change: Partial<RequestDraft>) => void;
}

export const SettingsFields = (props: SettingsFieldsProps) => {
  const { draft, problems, onChange } = props;
  return (
    <div className={styles['stack']}>
      <div className={styles['fields']}>
        <DecimalField
          label={words.limit}
          help={words.limitHelp}
          placeholder={words.limitAll}
          problem={problems.get('limit') ?? null}
          value={draft.limit}
          onChange={(limit) => onChange({ limit })}
        />
        <DecimalField
          label={words.shots}
          help={words.shotsHelp}
          problem={problems.get('num_fewshot') ?? null}
          value={draft.num_fewshot}
          onChange={(shots) => onChange({ num_fewshot: shots })}
        />
        <SwitchField label={words.chat} help={words.chatHelp} value={draft.chat_template === true} onChange={(asChat) => onChange({ chat_template: asChat })} />
      </div>
      <Disclosure title={words.advanced}>
        <Advanced {...props} />
      </Disclosure>
    </div>
  );
};

function Advanced({ draft, problems, onChange }: SettingsFieldsProps) {
  const { data } = useCall('benchmarks.tasks', {});
  return (
    <div className={styles['fields']}>
      <DecimalField
        label={words.parallel}
        help={words.parallelHelp}
        problem={problems.get('max_concurrency') ?? null}
        value={draft.max_concurrency}
        onChange={(count) => onChange({ max_concurrency: count })}
      />
      <TextField
        label={words.timeout}
        help={words.timeoutHelp}
        placeholder={words.timeoutNone}
        problem={problems.get('timeout') ?? null}
        value={draft.timeout}
        onChange={(timeout) => onChange({ timeout })}
      />
      <SelectField
        label={words.precision}
        help={words.precisionHelp}
        value={draft.precision ?? 'auto'}
        onChange={(precision) => onChange({ precision })}
        choices={precisions}
      />
      <FileField
        label={words.adapter}
        help={words.adapterHelp}
        kind="adapter"
        problem={problems.get('adapter') ?? null}
        value={draft.adapter ?? ''}
        onChange={(adapter) => onChange({ adapter: adapter === '' ? null : adapter })}
      />
      <FileField
        label={words.folder}
        kind="folder"
        {...(data !== undefined && { help: words.folderHelp(data.folder) })}
        problem={problems.get('data_folder') ?? null}
        value={draft.data_folder ?? ''}
        onChange={(folder) => onChange({ data_folder: folder === '' ? null : folder })}
      />
    </div>
  );
}
