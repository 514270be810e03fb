/** A small table, drawn whole: rows to read, not to choose. It scrolls sideways where it must. */
import type { ReactNode } from 'react';
import styles from './plain-table.module.css';

interface PlainTableProps {
  readonly label: string;
  /** Empty: a column of buttons, which say themselves what they are. */
  readonly columns: readonly ReactNode[];
  /** Columns are as wide as each other, whatever is in them: tables under each other line up. */
  readonly even?: boolean;
  /** Rows of `tr`, each begun by its heading. */
  readonly children: ReactNode;
}

export const PlainTable = ({ label, columns, even = false, children }: PlainTableProps) => (
  <div className={styles['scroll']} role="group" aria-label={label} tabIndex={0}>
    <table className={even ? `${styles['table']} ${styles['even']}` : styles['table']}>
      <thead>
        <tr>
          {columns.map((column, index) =>
            column === '' ? (
              <td key={index} />
            ) : (
              <th scope="col" key={index}>
                {column}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
