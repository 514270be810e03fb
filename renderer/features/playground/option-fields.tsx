/** How answers are drawn: the system prompt, and the knobs of sampling with what follows from each. */
import { Disclosure } from '../../components/disclosure.tsx';
import { NumberField, SwitchField, TextField } from '../../components/field.tsx';
import { FormRow } from '../../components/form.tsx';
import { texts } from '../../texts/texts.ts';
import { firstOptions, setOptions, useConversation, type Options } from './conversation.ts';
import styles from './playground.module.css';

const words = texts.playground;

const numbers = [
  { key: 'temperature', label: words.temperature, help: words.temperatureHelp, min: 0, max: 10 },
  { key: 'topP', label: words.topP, help: words.topPHelp, min: 0.01, max: 1 },
  { key: 'maxTokens', label: words.maxTokens, help: words.maxTokensHelp, min: 1, max: 8_192, isWhole: true },
  { key: 'seed', label: words.seed, help: words.seedHelp, min: 0, max: 0xffff_ffff, isWhole: true },
] as const satisfies readonly { readonly key: keyof Options; readonly [more: string]: unknown }[];

export function OptionFields() {
  const options = useConversation((state) => state.options);
  const { isRaw, system, temperature, maxTokens } = options;
  return (
    <Disclosure level={2} title={words.options} note={words.optionsNote(temperature, maxTokens, isRaw)}>
      <div className={styles['options']}>
        <FormRow>
          {numbers.map(({ key, label, help, min, max, ...more }) => (
            <NumberField
              key={key}
              label={label}
              help={help}
              min={min}
              max={max}
              format={{ maximumFractionDigits: 'isWhole' in more ? 0 : 3, useGrouping: false }}
              value={options[key]}
              onChange={(value) => setOptions({ [key]: Number.isNaN(value) ? firstOptions[key] : value })}
            />
          ))}
        </FormRow>
        <SwitchField label={words.raw} help={words.rawHelp} value={isRaw} onChange={(value) => setOptions({ isRaw: value })} />
        {!isRaw && <TextField label={words.system} help={words.systemHelp} rows={2} value={system} onChange={(value) => setOptions({ system: value })} />}
      </div>
    </Disclosure>
  );
}
