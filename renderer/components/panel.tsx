/** A bordered part of a view, with a heading where it has a name. */
import type { ReactNode } from 'react';
import styles from './panel.module.css';

interface PanelProps {
  readonly title?: string;
  /** Beside the heading, at its end. */
  readonly actions?: ReactNode;
  /** No padding: a table or a chart goes to the border. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export const Panel = ({ title, actions, flush = false, children }: PanelProps) => (
  <section className={styles['panel']} aria-label={title}>
    {(title !== undefined || actions !== undefined) && (
      <header className={styles['head']}>
        {title !== undefined && <h2>{title}</h2>}
        <div className={styles['actions']}>{actions}</div>
      </header>
    )}
    <div className={flush ? styles['flush'] : styles['body']}>{children}</div>
  </section>
);
