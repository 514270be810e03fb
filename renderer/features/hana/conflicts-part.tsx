/** What was changed in two places: the open ones side by side, and those that were settled. */
import { useState } from 'react';
import type { SyncConflict } from '../../../shared/contracts/sync-calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { ConflictPanel } from './conflict-panel.tsx';
import styles from './hana.module.css';
import { entityName } from './sync-words.ts';

const words = texts.hana.conflicts;

export function ConflictsPart() {
  const open = useCall('sync.conflicts', { state: 'open' });
  const [showsSettled, showSettled] = useState(false);
  return (
    <div className={styles['column']}>
      <Loaded query={open}>
        {({ conflicts }) =>
          conflicts.length === 0 ? (
            <Panel>
              <Empty title={words.empty}>{words.emptyText}</Empty>
            </Panel>
          ) : (
            <>
              <p className={styles['text']}>{words.text}</p>
              {conflicts.map((conflict) => (
                <ConflictPanel key={conflict.conflict} conflict={conflict} />
              ))}
            </>
          )
        }
      </Loaded>
      <SwitchField label={words.showSettled} value={showsSettled} onChange={showSettled} />
      {showsSettled && <Settled />}
    </div>
  );
}

function Settled() {
  const settled = useCall('sync.conflicts', { state: 'settled' });
  return (
    <Panel title={words.settled}>
      <Loaded query={settled}>{({ conflicts }) => <SettledTable conflicts={conflicts} />}</Loaded>
    </Panel>
  );
}

const SettledTable = ({ conflicts }: { readonly conflicts: readonly SyncConflict[] }) =>
  conflicts.length === 0 ? (
    <p className="muted">{words.empty}</p>
  ) : (
    <PlainTable label={words.settled} columns={words.settledColumns}>
      {conflicts.map(({ conflict, entity, id, kept, settled_by: by, settled_at: at }) => (
        <tr key={conflict}>
          <th scope="row">
            {entityName(entity)} <span className="mono">{id}</span>
          </th>
          <td>{kept === null ? '—' : words.kept[kept]}</td>
          <td>{by === null ? '—' : `${by.user} (${by.host})`}</td>
          <td>{at === null ? '—' : <Time at={at} />}</td>
        </tr>
      ))}
    </PlainTable>
  );
