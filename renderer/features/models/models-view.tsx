/** Models: the shelf of what can be fine-tuned. */
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { TableColumn } from '../../components/data-table.tsx';
import { texts } from '../../texts/texts.ts';
import { formatParameters } from '../files/file-facts.ts';
import { addedColumn, nameColumn, numberColumn, sizeColumn, textColumn } from '../shelf/item-columns.tsx';
import { ShelfView } from '../shelf/shelf-view.tsx';

const { columns: titles } = texts.shelf;

const columns: readonly [TableColumn<ShelfItem>, ...TableColumn<ShelfItem>[]] = [
  nameColumn,
  textColumn('architecture', { title: titles.family, width: 116 }),
  numberColumn('parameters', { title: titles.parameters, width: 104, format: formatParameters }),
  textColumn('quantisation', { title: titles.quantisation, width: 112 }),
  sizeColumn,
  numberColumn('context_length', { title: titles.context, width: 90 }),
  textColumn('licence', { title: titles.licence, width: 112 }),
  textColumn('format', { title: titles.format, width: 104 }),
  addedColumn,
];

export const View = () => <ShelfView kind="model" columns={columns} />;
