/** Data sets: the shelf of rows to learn from. */
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { TableColumn } from '../../components/data-table.tsx';
import { texts } from '../../texts/texts.ts';
import { listIn } from '../shelf/fact-values.ts';
import { addedColumn, nameColumn, numberColumn, sizeColumn, textColumn } from '../shelf/item-columns.tsx';
import { ShelfView } from '../shelf/shelf-view.tsx';
import { columnNames } from './column-names.ts';

const { columns: titles } = texts.shelf;

const columns: readonly [TableColumn<ShelfItem>, ...TableColumn<ShelfItem>[]] = [
  nameColumn,
  numberColumn('rows', { title: titles.rows, width: 84 }),
  numberColumn('tokens', { title: titles.tokens, width: 96 }),
  numberColumn('graded_tokens', { title: titles.graded, width: 96 }),
  textColumn('layout', { title: titles.layout, width: 136 }),
  { id: 'columns', title: titles.parts, minWidth: 110, width: '1fr', cell: ({ facts }) => columnNames(listIn(facts, 'columns')) },
  textColumn('format', { title: titles.format, width: 100 }),
  sizeColumn,
  addedColumn,
];

export const View = () => <ShelfView kind="dataset" columns={columns} />;
