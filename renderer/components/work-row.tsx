/** Something that is going on, in a line: what it is, how it stands and how far it is, and what it says of itself. */
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { Progress } from './progress.tsx';
import styles from './work-row.module.css';

interface WorkRowProps {
  readonly title: string;
  readonly href: string;
  readonly badge: ReactNode;
  /** Behind the badge: where it goes on. */
  readonly about?: string;
  /** Of the whole, 0 to 1; null: nobody knows. */
  readonly done: number | null;
  /** Under the bar; what is null is left out. */
  readonly facts: readonly (string | null)[];
  /** Between title and bar. */
  readonly curve?: ReactNode;
  /** Behind the bar: what it says of itself, and what can be done about it. */
  readonly words?: ReactNode;
}

export const WorkRow = ({ title, href, badge, about, done, facts, curve, words }: WorkRowProps) => (
  <div className={[styles['row'], curve !== undefined && styles['curved'], words !== undefined && styles['telling']].filter(Boolean).join(' ')}>
    <div className={styles['title']}>
      <Link href={href}>{title}</Link>
      {badge}
      {about !== undefined && <span className="muted">{about}</span>}
    </div>
    {curve}
    <div className={styles['progress']}>
      <Progress label={title} value={done} />
      <span className="muted numeric">{facts.filter((fact) => fact !== null).join(' · ')}</span>
    </div>
    {words}
  </div>
);
