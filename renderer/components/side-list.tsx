/** A view of several parts, each with an address of its own: their list at the side, and the one that is shown. */
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import styles from './side-list.module.css';

export interface SideItem {
  readonly path: string;
  readonly title: string;
}

interface SideListProps {
  readonly label: string;
  readonly items: readonly SideItem[];
  /** Path of what is shown. */
  readonly shown: string;
  /** Over the list, such as a search. */
  readonly above?: ReactNode;
  /** Another column at the end, where there is room for it. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export const SideList = ({ label, items, shown, above, aside, children }: SideListProps) => (
  <div className={aside === undefined ? styles['split'] : `${styles['split']} ${styles['three']}`}>
    <div className={styles['side']}>
      {above}
      <nav aria-label={label}>
        <ul className={styles['list']}>
          {items.map(({ path, title }) => (
            <li key={path}>
              <Link href={path} className={styles['item'] ?? ''} {...(path === shown && { 'aria-current': 'page' as const })}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
    <div className={styles['content']}>{children}</div>
    {aside !== undefined && <div className={styles['aside']}>{aside}</div>}
  </div>
);
