/** A modal dialog, and the one that asks before something is done. */
import { useId, type ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { AppError } from '../../shared/errors/app-error.ts';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import { Form } from './form.tsx';
import { Failure } from './states.tsx';
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

interface FormDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  /** What the button that does it says. */
  readonly submit: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly isPending?: boolean;
  /** Why it was not done; the dialog stays. */
  readonly error?: AppError | null;
  readonly children: ReactNode;
}

/** Asks for what an action needs, and stays until the action is done or given up. Open while it is drawn. */
export function FormDialog({ title, onClose, onSubmit, submit, danger = false, wide = false, isPending = false, error = null, children }: FormDialogProps) {
  const form = useId();
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      wide={wide}
      actions={
        <>
          {error !== null && (
            <div className={styles['failure']}>
              <Failure error={error} />
            </div>
          )}
          <Button onPress={onClose}>{texts.actions.cancel}</Button>
          <Button type="submit" form={form} look={danger ? 'danger' : 'primary'} isPending={isPending}>
            {submit}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={onSubmit}>
        {children}
      </Form>
    </Dialog>
  );
}
