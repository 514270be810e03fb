/** A small table, drawn whole: rows to read, not to choose. It scrolls sideways where it must. */
import type { ReactNode } from 'react';
import styles from './plain-table.module.css';

interface PlainTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  /** Rows of `tr`, each begun by its heading. */
  readonly children: ReactNode;
}

export const PlainTable = ({ label, columns, children }: PlainTableProps) => (
  <div className={styles['scroll']} role="region" aria-label={label} tabIndex={0}>
    <table className={styles['table']}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
