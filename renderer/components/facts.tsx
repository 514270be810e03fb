/** Names with their values, in as many columns as there is room for. */
import type { ReactNode } from 'react';
import styles from './facts.module.css';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

export const Facts = ({ facts, wide = false }: { readonly facts: readonly Fact[]; readonly wide?: boolean }) => (
  <dl className={wide ? `${styles['facts']} ${styles['wide']}` : styles['facts']}>
    {facts.map(({ name, value }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value ?? '—'}</dd>
      </div>
    ))}
  </dl>
);

/** One figure, large. */
export const Figure = ({ name, value, note }: { readonly name: string; readonly value: ReactNode; readonly note?: ReactNode }) => (
  <div className={styles['figure']}>
    <span className={styles['name']}>{name}</span>
    <span className={styles['value']}>{value}</span>
    {note !== undefined && <span className={styles['note']}>{note}</span>}
  </div>
);

export const Figures = ({ children }: { readonly children: ReactNode }) => <div className={styles['figures']}>{children}</div>;
