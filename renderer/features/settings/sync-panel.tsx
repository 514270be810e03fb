/** What waits to be told to HANA, and what it refused. */
import type { SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './settings.module.css';
import { syncSentences } from './sync-words.ts';

const words = texts.settings.sync;
const everyMs = 5_000;

export function SyncPanel() {
  const status = useCall('sync.status', {}, { refetchMs: everyMs });
  return (
    <Panel title={texts.settings.storage.sync}>
      <Loaded query={status}>{(data) => <Status status={data} />}</Loaded>
    </Panel>
  );
}

const Status = ({ status }: { readonly status: SyncStatus }) => (
  <div className={styles['stack']}>
    {syncSentences(status).map((sentence) => (
      <p key={sentence}>{sentence}</p>
    ))}
    {status.oldest !== null && (
      <p className="muted">
        {words.oldest} <Time at={status.oldest} />
      </p>
    )}
    {status.entities.length > 0 && (
      <PlainTable label={texts.settings.storage.sync} columns={words.columns}>
        {status.entities.map(({ entity, rows, bytes }) => (
          <tr key={entity}>
            <th scope="row">{entity}</th>
            <td>{formatCount(rows)}</td>
            <td>{formatBytes(bytes)}</td>
          </tr>
        ))}
      </PlainTable>
    )}
    {status.problems.length > 0 && <Problems problems={status.problems} />}
  </div>
);

const Problems = ({ problems }: { readonly problems: SyncStatus['problems'] }) => (
  <PlainTable label={words.problems} columns={words.problemColumns}>
    {problems.map(({ entity, id, at, attempts, problem }) => (
      <tr key={`${entity} ${id}`}>
        <th scope="row">
          {entity} <span className="mono">{id}</span>
        </th>
        <td>{problem ?? words.unknown}</td>
        <td>{formatCount(attempts)}</td>
        <td>
          <Time at={at} />
        </td>
      </tr>
    ))}
  </PlainTable>
);
