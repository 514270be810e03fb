/** One setting of this LATHE_HOME: a switch, a number or a text, saved at once. What it means is the core's own sentence. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import type { Setting } from '../../../shared/contracts/setting-calls.ts';
import { settingDefaults, type SettingName } from '../../../shared/domain/settings.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { NumberField, SwitchField, TextField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { settingProblem } from './setting-problem.ts';
import styles from './settings.module.css';

const words = texts.settings;

export function SettingField({ setting }: { readonly setting: Setting }) {
  const { value } = setting;
  if (typeof value === 'boolean') return <SwitchSetting setting={setting} isOn={value} />;
  return typeof value === 'number' ? <NumberSetting setting={setting} value={value} /> : <TextSetting setting={setting} value={value} />;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const Saved = ({ isShown }: { readonly isShown: boolean }) => (
  <span className={styles['saved']} role="status">
    {isShown && (
      <>
        <Check aria-hidden />
        {words.saved}
      </>
    )}
  </span>
);

function SwitchSetting({ setting: { name, does }, isOn }: { readonly setting: Setting; readonly isOn: boolean }) {
  const set = useAct('settings.set', ['settings.list']);
  const change = (value: boolean): void => set.mutate({ name, value }, { onError: sayFailed });
  // While it is being saved it shows what it will be; a failure shows what it is.
  const shown = set.isPending && typeof set.variables.value === 'boolean' ? set.variables.value : isOn;
  return (
    <div className={styles['setting']}>
      <SwitchField label={words.names[name]} help={sentence(does)} value={shown} onChange={change} />
      <Saved isShown={set.isSuccess} />
    </div>
  );
}

/** What was written: saved where it may be, else kept at its field with what is wrong. */
function useWritten<T extends number | string>(name: SettingName, value: T) {
  const set = useAct('settings.set', ['settings.list']);
  const [refused, setRefused] = useState<T | null>(null);
  const write = (next: T): void => {
    const problem = settingProblem(name, next);
    setRefused(problem === null ? null : next);
    set.reset();
    if (problem === null && next !== value) set.mutate({ name, value: next });
  };
  return { shown: refused ?? value, write, problem: refused === null ? (set.error?.message ?? null) : settingProblem(name, refused), isSaved: set.isSuccess };
}

function NumberSetting({ setting: { name, does }, value }: { readonly setting: Setting; readonly value: number }) {
  const { shown, write, problem, isSaved } = useWritten(name, value);
  return (
    <div className={`${styles['setting']} ${styles['number']}`}>
      <NumberField
        label={words.names[name]}
        help={`${sentence(does)} ${words.asDelivered(String(settingDefaults[name]))}`}
        value={shown}
        onChange={write}
        problem={problem}
      />
      <Saved isShown={isSaved} />
    </div>
  );
}

/** Saved when it is left, or by Enter. */
function TextSetting({ setting: { name, does }, value }: { readonly setting: Setting; readonly value: string }) {
  const { shown, write, problem, isSaved } = useWritten(name, value);
  const [draft, setDraft] = useState<string | null>(null);
  const leave = (): void => {
    if (draft !== null) write(draft.trim());
    setDraft(null);
  };
  return (
    <div className={styles['setting']}>
      <Form onSubmit={leave}>
        <TextField label={words.names[name]} help={sentence(does)} mono value={draft ?? shown} onChange={setDraft} onBlur={leave} problem={problem} />
      </Form>
      <Saved isShown={isSaved} />
    </div>
  );
}
