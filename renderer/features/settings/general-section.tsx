/** Appearance, and what the core does with runs by itself. */
import type { SettingName } from '../../../shared/domain/settings.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { themes, useTheme } from '../../app/theme.ts';
import { SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { SettingField } from './setting-field.tsx';
import styles from './settings.module.css';

const words = texts.settings;
const choices = themes.map((id) => ({ id, label: texts.theme[id] }));

export const GeneralSection = () => (
  <>
    <Panel title={words.look}>
      <ThemeField />
    </Panel>
    <Panel title={words.runs}>
      <SettingFields names={['resume_interrupted', 'max_restarts', 'max_parallel_runs']} />
    </Panel>
    <Panel title={words.updates}>
      <SettingFields names={['update_url']} />
    </Panel>
  </>
);

function ThemeField() {
  const { theme, choose } = useTheme();
  return (
    <div className={styles['theme']}>
      <SelectField label={words.theme} help={words.themeHelp} value={theme} onChange={choose} choices={choices} />
    </div>
  );
}

export function SettingFields({ names }: { readonly names: readonly SettingName[] }) {
  const settings = useCall('settings.list', {});
  return (
    <Loaded query={settings}>
      {(data) => (
        <div className={styles['stack']}>
          {data.settings
            .filter(({ name }) => names.includes(name))
            .map((setting) => (
              <SettingField key={setting.name} setting={setting} />
            ))}
        </div>
      )}
    </Loaded>
  );
}
