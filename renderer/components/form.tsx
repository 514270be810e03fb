/** Fields that are sent together, by a button or by Enter. */
import type { ReactNode } from 'react';
import styles from './form.module.css';

interface FormProps {
  readonly id?: string;
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
      onSubmit();
    }}
  >
    {children}
  </form>
);

/** Fields beside each other, where there is room. */
export const FormRow = ({ children }: { readonly children: ReactNode }) => <div className={styles['row']}>{children}</div>;
