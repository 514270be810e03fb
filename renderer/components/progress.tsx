/** How far something is. */
import { ProgressBar } from 'react-aria-components';
import styles from './progress.module.css';

/** `value`: 0 to 1; null: nobody knows. */
export const Progress = ({ label, value }: { readonly label: string; readonly value: number | null }) => (
  <ProgressBar aria-label={label} className={styles['progress'] ?? ''} {...(value === null ? { isIndeterminate: true } : { value: value * 100 })}>
    <div className={value === null ? `${styles['bar']} ${styles['unknown']}` : styles['bar']} style={{ inlineSize: `${value === null ? 30 : value * 100}%` }} />
  </ProgressBar>
);
