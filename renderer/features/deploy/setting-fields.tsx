/** The settings of a deployment, each with what follows from it. */
import { X } from 'lucide-react';
import { Button, IconButton } from '../../components/button.tsx';
import { NumberField, SwitchField, TextField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import {
  isUsed,
  settingGroups,
  type ConfigDraft,
  type GoldenDraft,
  type ReadConfig,
  type Setting,
  type SettingGroup,
  type SettingValue,
} from './config-draft.ts';
import styles from './deploy.module.css';

const words = texts.deploy.request;

interface SettingFieldsProps {
  readonly draft: ConfigDraft;
  readonly onChange: (draft: ConfigDraft) => void;
  readonly read: ReadConfig;
}

export const SettingFields = ({ draft, onChange, read }: SettingFieldsProps) => (
  <div className={styles['column']}>
    {(Object.keys(settingGroups) as SettingGroup[]).map((group) => (
      <section key={group} className={styles['column']} aria-label={words.groups[group]}>
        <h3>{words.groups[group]}</h3>
        <div className={styles['fields']}>
          {settingGroups[group]
            .filter((setting) => isUsed(setting, draft.strategy))
            .map((setting) => (
              <SettingField
                key={setting}
                setting={setting}
                value={draft.values[setting]}
                onChange={(value) => onChange({ ...draft, values: { ...draft.values, [setting]: value } })}
                problem={read.problems[setting] ?? null}
              />
            ))}
        </div>
      </section>
    ))}
    <Golden draft={draft} onChange={onChange} read={read} />
  </div>
);

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: SettingValue;
  readonly onChange: (value: SettingValue) => void;
  readonly problem: string | null;
}

function SettingField({ setting, value, onChange, problem }: SettingFieldProps) {
  const named = words.fields[setting];
  if (typeof value === 'boolean') return <SwitchField {...named} value={value} onChange={onChange} />;
  return typeof value === 'number' ? (
    <NumberField {...named} value={value} onChange={onChange} problem={problem} />
  ) : (
    <TextField {...named} value={value} onChange={onChange} problem={problem} />
  );
}

function Golden({ draft, onChange, read: { goldenProblems } }: SettingFieldsProps) {
  const { golden } = draft;
  const put = (index: number, changes: Partial<GoldenDraft>): void =>
    onChange({ ...draft, golden: golden.map((each, at) => (at === index ? { ...each, ...changes } : each)) });
  return (
    <section className={styles['column']} aria-label={words.golden}>
      <h3>{words.golden}</h3>
      <p className="muted">{words.goldenHelp}</p>
      <ul className={styles['rows']}>
        {golden.map(({ prompt, contains }, index) => (
          <li key={index}>
            <TextField label={words.goldenPrompt} value={prompt} onChange={(next) => put(index, { prompt: next })} problem={goldenProblems[index] ?? null} />
            <TextField label={words.goldenContains} help={words.goldenContainsHelp} value={contains} onChange={(next) => put(index, { contains: next })} />
            <div className={styles['level']}>
              <IconButton label={words.removeGolden(index + 1)} onPress={() => onChange({ ...draft, golden: golden.filter((_, at) => at !== index) })}>
                <X aria-hidden />
              </IconButton>
            </div>
          </li>
        ))}
      </ul>
      <div>
        <Button small onPress={() => onChange({ ...draft, golden: [...golden, { prompt: '', contains: '' }] })}>
          {words.addGolden}
        </Button>
      </div>
    </section>
  );
}
