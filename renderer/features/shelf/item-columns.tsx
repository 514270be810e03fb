/** Columns that both shelves have. */
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import type { TableColumn } from '../../components/data-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { numberIn, shown, textIn } from './fact-values.ts';

const { columns: titles } = texts.shelf;

export const nameColumn: TableColumn<ShelfItem> = {
  id: 'name',
  title: titles.name,
  minWidth: 150,
  width: '2fr',
  cell: ({ name }) => <strong>{name}</strong>,
  order: ({ name }) => name,
};

export const sizeColumn: TableColumn<ShelfItem> = {
  id: 'size',
  title: titles.size,
  width: 92,
  alignEnd: true,
  cell: ({ bytes }) => formatBytes(bytes),
  order: ({ bytes }) => bytes,
};

export const addedColumn: TableColumn<ShelfItem> = {
  id: 'added',
  title: titles.added,
  width: 104,
  cell: ({ added }) => <Time at={added} />,
  order: ({ added }) => added,
};

interface FactColumn {
  readonly title: string;
  readonly width: number;
  readonly format?: (value: number) => string;
}

export const numberColumn = (id: string, { title, width, format = formatCount }: FactColumn): TableColumn<ShelfItem> => ({
  id,
  title,
  width,
  alignEnd: true,
  cell: ({ facts }) => shown(numberIn(facts, id), format),
  order: ({ facts }) => numberIn(facts, id),
});

export const textColumn = (id: string, { title, width }: Omit<FactColumn, 'format'>): TableColumn<ShelfItem> => ({
  id,
  title,
  width,
  cell: ({ facts }) => shown(textIn(facts, id)),
  order: ({ facts }) => textIn(facts, id),
});
