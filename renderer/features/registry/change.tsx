/** A change of a figure: how much, and whether it is for the better, which colour alone does not say. */
import { texts } from '../../texts/texts.ts';
import styles from './change.module.css';

interface ChangeProps {
  /** With its sign. */
  readonly text: string;
  /** null: neither. */
  readonly isBetter: boolean | null;
}

export const Change = ({ text, isBetter }: ChangeProps) => (
  <span className={isBetter === null ? styles['change'] : isBetter ? styles['better'] : styles['worse']}>
    {text}
    {isBetter !== null && ` ${isBetter ? texts.registry.comparison.better : texts.registry.comparison.worse}`}
  </span>
);
