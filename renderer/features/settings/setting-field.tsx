/** One setting of this LATHE_HOME: a switch or a number, saved at once. What it means is the core's own sentence. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import type { Setting } from '../../../shared/contracts/setting-calls.ts';
import { settingDefaults } from '../../../shared/domain/settings.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { NumberField, SwitchField } from '../../components/field.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { settingProblem } from './setting-problem.ts';
import styles from './settings.module.css';

const words = texts.settings;

export const SettingField = ({ setting }: { readonly setting: Setting }) =>
  typeof setting.value === 'boolean' ? <SwitchSetting setting={setting} isOn={setting.value} /> : <NumberSetting setting={setting} />;

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

function NumberSetting({ setting: { name, does, value } }: { readonly setting: Setting }) {
  const set = useAct('settings.set', ['settings.list']);
  const [refused, setRefused] = useState<number | null>(null);
  const change = (next: number): void => {
    const problem = settingProblem(name, next);
    setRefused(problem === null ? null : next);
    set.reset();
    if (problem === null && next !== value) set.mutate({ name, value: next });
  };
  const problem = refused === null ? (set.error?.message ?? null) : settingProblem(name, refused);
  return (
    <div className={styles['setting']}>
      <NumberField
        label={words.names[name]}
        help={`${sentence(does)} ${words.asDelivered(String(settingDefaults[name]))}`}
        value={refused ?? Number(value)}
        onChange={change}
        problem={problem}
      />
      <Saved isShown={set.isSuccess} />
    </div>
  );
}
