/** Which column of a file plays which part of a row, as it was found out. */
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import type { Preview } from './rows-preview.tsx';

const words = texts.shelf.rows;

export function ColumnFacts({ preview: { columns, mapping } }: { readonly preview: Preview }) {
  const parts = Object.entries(mapping);
  return (
    <Panel title={words.columns}>
      {parts.length === 0 ? (
        <p>{words.unmapped}</p>
      ) : (
        <Facts wide facts={parts.map(([name, column]) => ({ name, value: <span className="mono">{column}</span> }))} />
      )}
      {columns.length > parts.length && <p className="muted">{words.columnsOf(columns.join(', '))}</p>}
    </Panel>
  );
}
