/** A button that opens a list of actions. */
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { Button } from './button.tsx';
import styles from './menu.module.css';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly act: () => void;
}

export const Menu = ({ label, children, actions }: { readonly label: string; readonly children: ReactNode; readonly actions: readonly MenuAction[] }) => (
  <MenuTrigger>
    <Button aria-label={label}>{children}</Button>
    <Popover className={styles['popover'] ?? ''} placement="bottom end">
      <AriaMenu
        className={styles['menu'] ?? ''}
        onAction={(id) => actions.find((action) => action.id === id)?.act()}
        disabledKeys={actions.filter(({ disabled }) => disabled).map(({ id }) => id)}
      >
        {actions.map(({ id, label: text, danger }) => (
          <MenuItem key={id} id={id} className={danger ? `${styles['item']} ${styles['danger']}` : (styles['item'] ?? '')}>
            {text}
          </MenuItem>
        ))}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);
