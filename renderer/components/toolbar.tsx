/** A line of controls over what they act on. */
import type { ReactNode } from 'react';
import styles from './toolbar.module.css';

export const Toolbar = ({ children }: { readonly children: ReactNode }) => <div className={styles['toolbar']}>{children}</div>;

/** What stands at the line's end. */
const End = ({ children }: { readonly children: ReactNode }) => <div className={styles['end']}>{children}</div>;
Toolbar.End = End;
