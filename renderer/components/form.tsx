/** Fields that are sent together, by a button or by Enter. */
import type { ReactNode } from 'react';
import styles from './form.module.css';

interface FormProps {
  readonly id?: string;
  /** Where it finds a field wrong, that field gets the focus. */
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

export const Form = ({ id, onSubmit, children }: FormProps) => (
  <form
    id={id}
    className={styles['form']}
    // What is wrong is said at the fields, in our words.
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      // A dialog that one of its fields opens may hold a form of its own, whose events come by here.
      if (event.target !== event.currentTarget) return;
      const form = event.currentTarget;
      onSubmit();
      // Once the problems are drawn.
      requestAnimationFrame(() => {
        const wrong = form.querySelector<HTMLElement>('[aria-invalid="true"]');
        wrong?.focus({ preventScroll: true });
        // With what is said below it.
        wrong?.scrollIntoView({ block: 'center' });
      });
    }}
  >
    {children}
  </form>
);

/** Fields beside each other, where there is room. */
export const FormRow = ({ children }: { readonly children: ReactNode }) => <div className={styles['row']}>{children}</div>;
