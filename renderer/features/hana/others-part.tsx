/** What HANA has, as last seen: runs, versions, scores and deployments of every machine, to look at offline too. */
import { useDeferredValue, useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { SearchField, SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';
import { payloadFields } from './payload-fields.ts';

const words = texts.hana.others;
type SharedRow = OutputOf<'sync.rows'>['rows'][number];
type Entity = keyof typeof texts.hana.entities;

/** The log of who did what is an administrator's, and has its own place. */
const entities: readonly Entity[] = ['run', 'version', 'tag', 'benchmark', 'deployment'];
const pageSize = 100;
const mostShown = 500;
/** How many figures of a row are shown in its line. */
const shownFields = 8;

export function OthersPart({ isConnected }: { readonly isConnected: boolean }) {
  const [entity, setEntity] = useState<Entity>('run');
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(pageSize);
  const asked = useDeferredValue(text.trim());
  const rows = useCall('sync.rows', { entity, text: asked === '' ? null : asked, limit }, { keepPrevious: true });
  return (
    <div className={styles['column']}>
      <p className={styles['text']}>{words.text}</p>
      <div className={styles['tools']}>
        <SelectField label={words.entity} value={entity} onChange={setEntity} choices={entities.map((id) => ({ id, label: texts.hana.entities[id] }))} />
        <SearchField label={words.search} value={text} onChange={setText} />
      </div>
      <Loaded query={rows}>
        {({ rows: list, next }) =>
          list.length === 0 ? (
            <Panel>
              <Empty title={words.empty}>{isConnected ? words.emptyText : words.unconnected}</Empty>
            </Panel>
          ) : (
            <>
              <Panel flush>
                <RowTable rows={list} />
              </Panel>
              {next !== null && limit < mostShown && <Button onPress={() => setLimit(limit + pageSize)}>{texts.registry.more}</Button>}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

const { id, device, at, facts } = words.columns;

const RowTable = ({ rows }: { readonly rows: readonly SharedRow[] }) => (
  <PlainTable label={texts.hana.tabs.others} columns={[id, device, at, facts]}>
    {rows.map((row) => (
      <tr key={row.id}>
        <th scope="row" className="mono">
          {row.id}
        </th>
        <td>{row.is_ours ? words.here : <code>{row.device}</code>}</td>
        <td>
          <Time at={row.updated_at} />
        </td>
        <td className={styles['value']}>{row.payload === null ? words.taken : summary(row.payload)}</td>
      </tr>
    ))}
  </PlainTable>
);

const summary = (payload: NonNullable<SharedRow['payload']>): string =>
  payloadFields(payload)
    .filter(({ text }) => text !== '—' && text.length < 60)
    .slice(0, shownFields)
    .map(({ path, text }) => `${path} ${text}`)
    .join(' · ');
