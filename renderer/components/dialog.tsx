/** A modal dialog, and the one that asks before something is done. */
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** At its foot. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export const Dialog = ({ title, isOpen, onClose, wide = false, actions, children }: DialogProps) => (
  <ModalOverlay className={styles['scrim'] ?? ''} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
    <Modal className={wide ? `${styles['modal']} ${styles['wide']}` : (styles['modal'] ?? '')}>
      <AriaDialog className={styles['dialog'] ?? ''}>
        <Heading slot="title" level={2}>
          {title}
        </Heading>
        <div className={styles['body']}>{children}</div>
        {actions !== undefined && <footer className={styles['actions']}>{actions}</footer>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);

interface ConfirmProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

export const Confirm = ({ confirm, onConfirm, danger = false, children, ...dialog }: ConfirmProps) => (
  <Dialog
    {...dialog}
    actions={
      <>
        <Button onPress={dialog.onClose}>{texts.actions.cancel}</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          onPress={() => {
            onConfirm();
            dialog.onClose();
          }}
        >
          {confirm}
        </Button>
      </>
    }
  >
    {children}
  </Dialog>
);
