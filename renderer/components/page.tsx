/** The frame of a view: its title, what can be done, and its content, which scrolls. */
import { useEffect, type ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import styles from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Over the title: where this belongs. */
  readonly above?: ReactNode;
  /** Under it: one line of facts. */
  readonly below?: ReactNode;
  readonly actions?: ReactNode;
  /** The content fills the window and scrolls inside itself. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, above, below, actions, fill = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
  return (
    <div className={fill ? `${styles['page']} ${styles['fill']}` : styles['page']}>
      <header className={styles['head']}>
        <div className={styles['titles']}>
          {above !== undefined && <div className={styles['above']}>{above}</div>}
          <h1>{title}</h1>
          {below !== undefined && <div className={styles['below']}>{below}</div>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </header>
      <div className={styles['content']}>{children}</div>
    </div>
  );
}
