/** Which column of the file plays which part; proposed by what was found, and changed here. */
import { useState } from 'react';
import type { ColumnMapping } from '../../../shared/domain/data-config.ts';
import { Button } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { setValue, useDraft } from './draft.ts';
import { isComplete, keptBy, layoutOf, partsOf, rowLayouts, type RowLayout } from './layouts.ts';
import type { Preview } from './use-preview.ts';
import styles from './new-run.module.css';

const words = texts.newRun.data;
const choices = rowLayouts.map(({ id }) => ({ id, label: words.layouts[id] }));
/** No column is called so: names of columns come after a sign. */
const none = '-';

export function ColumnPart({ preview: { columns, mapping } }: { readonly preview: Preview }) {
  const written = useDraft(({ config }) => config.data?.columns);
  // What is chosen but not complete yet: half a mapping is not read.
  const [begun, setBegun] = useState<{ readonly layout: RowLayout; readonly mapping: ColumnMapping } | null>(null);
  const shown = written ?? mapping;
  const layout = begun?.layout ?? layoutOf(shown);
  const parts = begun?.mapping ?? shown;
  const take = (next: RowLayout, of: ColumnMapping): void => {
    const isReady = isComplete(next, of);
    setBegun(isReady ? null : { layout: next, mapping: of });
    if (isReady) setValue('data.columns', of);
  };
  const choose = (id: RowLayout['id']): void => {
    const next = rowLayouts.find((each) => each.id === id);
    if (next !== undefined) take(next, keptBy(next, parts));
  };
  return (
    <Panel
      title={words.columns}
      actions={
        (written !== undefined || begun !== null) && (
          <Button
            small
            look="quiet"
            onPress={() => {
              setBegun(null);
              setValue('data.columns', undefined);
            }}
          >
            {words.asFound}
          </Button>
        )
      }
    >
      <div className={styles['part']}>
        <p className="muted">{words.columnsHelp}</p>
        <SelectField label={words.layout} placeholder={words.layoutUnknown} value={layout?.id ?? null} onChange={choose} choices={choices} />
        {layout !== null && <Parts layout={layout} mapping={parts} columns={columns} onChange={(of) => take(layout, of)} />}
        {begun !== null && <p className={styles['warning']}>{words.incomplete}</p>}
      </div>
    </Panel>
  );
}

interface PartsProps {
  readonly layout: RowLayout;
  readonly mapping: ColumnMapping;
  readonly columns: readonly string[];
  readonly onChange: (mapping: ColumnMapping) => void;
}

const Parts = ({ layout, mapping, columns, onChange }: PartsProps) =>
  partsOf(layout).map((part) => {
    const isOptional = layout.optional.includes(part);
    const name = words.parts[part] ?? part;
    const { [part]: column, ...others } = mapping;
    return (
      <SelectField
        key={part}
        label={isOptional ? words.optional(name) : name}
        placeholder={words.noColumn}
        value={column === undefined ? (isOptional ? none : null) : `=${column}`}
        onChange={(id) => onChange(id === none ? others : { ...mapping, [part]: id.slice(1) })}
        choices={[...(isOptional ? [{ id: none, label: words.noColumn }] : []), ...columns.map((each) => ({ id: `=${each}`, label: each }))]}
      />
    );
  });
