/** A text field that proposes: what is written need not be among the proposals. */
import { Button, ComboBox, FieldError, Group, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { ChevronDown } from 'lucide-react';
import styles from './field.module.css';
import menu from './menu.module.css';
import own from './combo-field.module.css';

interface ComboFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly proposals: readonly string[];
  readonly help?: string;
  readonly problem?: string | null;
  readonly autoFocus?: boolean;
}

export const ComboField = ({ label, value, onChange, proposals, help, problem = null, autoFocus = false }: ComboFieldProps) => (
  <ComboBox
    inputValue={value}
    onInputChange={onChange}
    defaultItems={proposals.map((id) => ({ id }))}
    allowsCustomValue
    autoFocus={autoFocus}
    isInvalid={problem !== null}
    className={styles['field'] ?? ''}
  >
    <Label>{label}</Label>
    <Group className={own['group'] ?? ''}>
      <Input className={styles['input'] ?? ''} spellCheck={false} />
      {proposals.length > 0 && (
        <Button className={own['open'] ?? ''}>
          <ChevronDown aria-hidden />
        </Button>
      )}
    </Group>
    {help !== undefined && (
      <Text slot="description" className={styles['help'] ?? ''}>
        {help}
      </Text>
    )}
    <FieldError className={styles['problem'] ?? ''}>{problem}</FieldError>
    <Popover className={menu['popover'] ?? ''}>
      <ListBox<{ readonly id: string }> className={menu['menu'] ?? ''}>
        {({ id }) => (
          <ListBoxItem id={id} textValue={id} className={menu['item'] ?? ''}>
            {id}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  </ComboBox>
);
