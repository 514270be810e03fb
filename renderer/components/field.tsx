/** Fields of a form: a name, the control, a sentence of help, and what is wrong with it. */
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  SearchField as AriaSearchField,
  Select,
  SelectValue,
  SwitchButton,
  SwitchField as AriaSwitchField,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components';
import { ChevronDown, Search, X } from 'lucide-react';
import menu from './menu.module.css';
import styles from './field.module.css';

interface Named {
  readonly label: string;
  /** One sentence: what it does, what follows from more or less of it. */
  readonly help?: ReactNode;
  /** What is wrong with it now. */
  readonly problem?: string | null;
  readonly isDisabled?: boolean;
}

const Below = ({ help, problem }: Pick<Named, 'help' | 'problem'>) => (
  <>
    {help !== undefined && (
      <Text slot="description" className={styles['help'] ?? ''}>
        {help}
      </Text>
    )}
    <FieldError className={styles['problem'] ?? ''}>{problem}</FieldError>
  </>
);

interface TextFieldProps extends Named {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly mono?: boolean;
  readonly type?: 'text' | 'password' | 'url';
  readonly autoFocus?: boolean;
  readonly onBlur?: () => void;
}

export const TextField = ({ label, help, problem = null, rows, mono = false, placeholder, ...field }: TextFieldProps) => {
  const className = mono ? `${styles['input']} mono` : (styles['input'] ?? '');
  return (
    <AriaTextField {...field} isInvalid={problem !== null} className={styles['field'] ?? ''}>
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input className={className} {...(placeholder !== undefined && { placeholder })} />
      ) : (
        <TextArea className={className} rows={rows} spellCheck={!mono} {...(placeholder !== undefined && { placeholder })} />
      )}
      <Below help={help} problem={problem} />
    </AriaTextField>
  );
};

interface NumberFieldProps extends Named {
  /** NaN: empty. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly format?: Intl.NumberFormatOptions;
}

export const NumberField = ({
  label,
  help,
  problem = null,
  min,
  max,
  format = { maximumSignificantDigits: 12, useGrouping: false },
  ...field
}: NumberFieldProps) => (
  <AriaNumberField
    {...field}
    {...(min !== undefined && { minValue: min })}
    {...(max !== undefined && { maxValue: max })}
    formatOptions={format}
    isInvalid={problem !== null}
    className={styles['field'] ?? ''}
  >
    <Label>{label}</Label>
    <Group className={styles['group'] ?? ''}>
      <Input className={styles['input'] ?? ''} />
    </Group>
    <Below help={help} problem={problem} />
  </AriaNumberField>
);

export interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

interface SelectFieldProps<Id extends string> extends Named {
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly choices: readonly Choice<Id>[];
  readonly placeholder?: string;
  /** The name is said but not shown. */
  readonly hideLabel?: boolean;
}

export function SelectField<Id extends string>({
  label,
  help,
  problem = null,
  value,
  onChange,
  choices,
  placeholder,
  hideLabel = false,
  ...field
}: SelectFieldProps<Id>) {
  return (
    <Select
      {...field}
      value={value}
      onChange={(key) => onChange(key as Id)}
      isInvalid={problem !== null}
      className={styles['field'] ?? ''}
      {...(placeholder !== undefined && { placeholder })}
    >
      <Label className={hideLabel ? 'visually-hidden' : ''}>{label}</Label>
      <AriaButton className={styles['select'] ?? ''}>
        <SelectValue />
        <ChevronDown aria-hidden />
      </AriaButton>
      <Below help={help} problem={problem} />
      <Popover className={menu['popover'] ?? ''}>
        <ListBox className={menu['menu'] ?? ''} items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} className={menu['item'] ?? ''}>
              {choice.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

export const SearchField = ({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) => (
  <AriaSearchField value={value} onChange={onChange} aria-label={label} className={styles['search'] ?? ''}>
    <Search aria-hidden />
    <Input className={styles['input'] ?? ''} placeholder={label} />
    <AriaButton className={styles['clear'] ?? ''}>
      <X aria-hidden />
    </AriaButton>
  </AriaSearchField>
);

interface SwitchFieldProps extends Omit<Named, 'problem'> {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  /** The name is said but not shown. */
  readonly hideLabel?: boolean;
}

export const SwitchField = ({ label, help, value, onChange, isDisabled = false, hideLabel = false }: SwitchFieldProps) => (
  <AriaSwitchField isSelected={value} onChange={onChange} isDisabled={isDisabled} className={styles['field'] ?? ''}>
    <SwitchButton className={styles['switch'] ?? ''}>
      <span className={styles['track']} aria-hidden />
      {hideLabel ? <span className="visually-hidden">{label}</span> : label}
    </SwitchButton>
    {help !== undefined && (
      <Text slot="description" className={styles['help'] ?? ''}>
        {help}
      </Text>
    )}
  </AriaSwitchField>
);
