/** A shelf: what stands there in a table, and the way for files to come there. */
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { SearchField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { DropFile } from '../files/drop-file.tsx';
import { EmptyShelf } from './empty-shelf.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { itemPath, shelfCalls } from './shelf-kinds.ts';
import styles from './shelf.module.css';

interface ShelfViewProps {
  readonly kind: ShelfKind;
  readonly columns: readonly [TableColumn<ShelfItem>, ...TableColumn<ShelfItem>[]];
}

export function ShelfView({ kind, columns }: ShelfViewProps) {
  const words = texts.shelf.kinds[kind];
  const navigate = useNavigate();
  const [text, setText] = useState('');
  /** Which file is to be imported: '' is one that is still to be chosen, null none. */
  const [importing, setImporting] = useState<string | null>(null);
  const asked = useDeferredValue(text.trim());
  const items = useCall(shelfCalls[kind].list, { text: asked === '' ? null : asked }, { keepPrevious: true });
  const begin = (): void => setImporting('');
  return (
    <div className={styles['whole']}>
      <DropFile onDrop={setImporting}>
        <Page
          fill
          title={words.title}
          actions={
            <>
              {kind === 'dataset' && <LinkButton to="/hana/rows">{texts.hana.rows.open}</LinkButton>}
              <Button look="primary" onPress={begin}>
                {words.import}
              </Button>
            </>
          }
        >
          <Loaded query={items}>
            {({ items: list }) =>
              list.length === 0 && asked === '' ? (
                <EmptyShelf kind={kind} onImport={begin} />
              ) : (
                <>
                  <Toolbar>
                    <SearchField label={words.search} value={text} onChange={setText} />
                  </Toolbar>
                  <Panel flush>
                    <DataTable
                      label={words.title}
                      items={list}
                      columns={columns}
                      idOf={({ name }) => name}
                      onOpen={({ name }) => void navigate(itemPath(kind, name))}
                      empty={texts.states.nothingFound}
                    />
                  </Panel>
                </>
              )
            }
          </Loaded>
        </Page>
      </DropFile>
      {importing !== null && <ImportDialog key={importing} kind={kind} path={importing} onClose={() => setImporting(null)} />}
    </div>
  );
}
