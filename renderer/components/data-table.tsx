/** A table that draws only the rows in view. Sorting, choosing and opening rows work by keyboard as well. */
import { useMemo, useState, type ReactNode } from 'react';
import {
  Cell,
  CheckboxButton,
  CheckboxField,
  Collection,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  TableLoadMoreItem,
  Virtualizer,
  type Key,
  type Selection,
  type SortDescriptor,
} from 'react-aria-components';
import { Check, ChevronDown, ChevronUp } from 'lucide-react';
import { texts } from '../texts/texts.ts';
import styles from './data-table.module.css';

export interface TableColumn<Item> {
  readonly id: string;
  readonly title: string;
  /** Pixels, or a share of what is left such as `2fr`. */
  readonly width?: number | `${number}fr`;
  readonly minWidth?: number;
  readonly cell: (item: Item) => ReactNode;
  /** What the rows are put in order by; without it they cannot be. */
  readonly order?: (item: Item) => string | number | null;
  readonly alignEnd?: boolean;
}

interface DataTableProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly columns: readonly [TableColumn<Item>, ...TableColumn<Item>[]];
  readonly idOf: (item: Item) => string;
  readonly onOpen?: (item: Item) => void;
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
  /** The row that is shown beside the table: moving to a row opens it. null: none yet. */
  readonly shown?: string | null;
  /** Asked for when the end comes into view; left out where nothing follows. */
  readonly onMore?: () => void;
  readonly empty: ReactNode;
}

const rowHeight = 42;

export function DataTable<Item extends object>({ label, items, columns, idOf, onOpen, chosen, onChoose, shown, onMore, empty }: DataTableProps<Item>) {
  const [sort, setSort] = useState<SortDescriptor>();
  const sorted = useMemo(() => inOrder(items, columns, sort), [items, columns, sort]);
  const isChoosing = onChoose !== undefined;
  const open = (key: Key): void => {
    const item = items.find((each) => idOf(each) === key);
    if (item !== undefined) onOpen?.(item);
  };
  const choose = (selection: Selection): void => onChoose?.(selection === 'all' ? new Set(items.map(idOf)) : new Set([...selection].map(String)));
  const show = (selection: Selection): void => [...(selection === 'all' ? [] : selection)].slice(0, 1).forEach(open);
  return (
    <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight: 34 }}>
      <Table
        aria-label={label}
        className={styles['table'] ?? ''}
        selectionMode={isChoosing ? 'multiple' : shown === undefined ? 'none' : 'single'}
        {...(shown !== undefined && {
          selectedKeys: shown === null ? [] : [shown],
          onSelectionChange: show,
          selectionBehavior: 'replace' as const,
          disallowEmptySelection: true,
        })}
        {...(isChoosing && { selectedKeys: chosen ?? new Set<string>(), onSelectionChange: choose, selectionBehavior: 'toggle' as const })}
        {...(sort !== undefined && { sortDescriptor: sort })}
        onSortChange={setSort}
        {...(onOpen !== undefined && shown === undefined && { onRowAction: open })}
      >
        <TableHeader>
          {isChoosing && (
            <Column width={40} minWidth={40} className={styles['heading'] ?? ''}>
              <Choose />
            </Column>
          )}
          {columns.map(({ id, title, width, minWidth, order, alignEnd }, index) => (
            <Column
              key={id}
              id={id}
              isRowHeader={index === 0}
              allowsSorting={order !== undefined}
              className={cellClass('heading', alignEnd)}
              {...(width !== undefined && { width })}
              {...(minWidth !== undefined && { minWidth })}
            >
              {({ sortDirection }) => (
                <>
                  {title}
                  {sortDirection === 'ascending' && <ChevronUp aria-hidden />}
                  {sortDirection === 'descending' && <ChevronDown aria-hidden />}
                </>
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody renderEmptyState={() => <div className={styles['empty']}>{empty}</div>}>
          <Collection items={sorted} dependencies={[columns]}>
            {(item) => (
              <Row id={idOf(item)} className={styles['row'] ?? ''}>
                {isChoosing && (
                  <Cell className={styles['cell'] ?? ''}>
                    <Choose />
                  </Cell>
                )}
                {columns.map(({ id, cell, alignEnd }) => (
                  <Cell key={id} className={cellClass('cell', alignEnd)}>
                    <span className={styles['text']}>{cell(item)}</span>
                  </Cell>
                ))}
              </Row>
            )}
          </Collection>
          {onMore !== undefined && (
            <TableLoadMoreItem onLoadMore={onMore} isLoading>
              <span className={styles['more']}>{texts.states.loading}</span>
            </TableLoadMoreItem>
          )}
        </TableBody>
      </Table>
    </Virtualizer>
  );
}

const cellClass = (part: 'heading' | 'cell', alignEnd = false): string => `${styles[part] ?? ''} ${alignEnd ? (styles['end'] ?? '') : ''}`;

const Choose = () => (
  <CheckboxField slot="selection">
    <CheckboxButton className={styles['choose'] ?? ''}>
      <Check aria-hidden />
    </CheckboxButton>
  </CheckboxField>
);

/** What has no value comes last, whichever way. */
function inOrder<Item>(items: readonly Item[], columns: readonly TableColumn<Item>[], sort: SortDescriptor | undefined): readonly Item[] {
  const order = columns.find(({ id }) => id === sort?.column)?.order;
  if (order === undefined) return items;
  const sign = sort?.direction === 'descending' ? -1 : 1;
  return items.toSorted((one, other) => {
    const [a, b] = [order(one), order(other)];
    if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
    return typeof a === 'number' && typeof b === 'number' ? sign * (a - b) : sign * String(a).localeCompare(String(b), undefined, { numeric: true });
  });
}
