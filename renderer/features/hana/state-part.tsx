/** How sharing with HANA stands: in step or why not, what waits to be sent, what was refused. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';
import { entityName, leftToDo, syncTones } from './sync-words.ts';

const words = texts.hana.state;

export const StatePart = ({ query }: { readonly query: UseQueryResult<SyncStatus, AppError> }) => (
  <Loaded query={query}>
    {(status) => (
      <div className={styles['column']}>
        <Standing status={status} />
        {status.connected && <Waiting status={status} />}
        {status.problems.length > 0 && <Refused problems={status.problems} />}
      </div>
    )}
  </Loaded>
);

const Standing = ({ status }: { readonly status: SyncStatus }) => (
  <Panel title={words.title}>
    <div className={styles['column']}>
      <p className={styles['line']}>
        <Badge tone={syncTones[status.state]}>{words.short[status.state]}</Badge>
        {leftToDo(status).map((part) => (
          <span key={part}>{part}</span>
        ))}
        {status.until !== null && (
          <span>
            {words.next} <Time at={status.until} />
          </span>
        )}
      </p>
      <p className={styles['text']}>{words.meanings[status.state]}</p>
      {status.problem !== null && (
        <div className={styles['problem']}>
          <p>{status.problem.message}.</p>
          <p>{status.problem.remedy}</p>
        </div>
      )}
      {status.connected && (
        <Facts
          facts={[
            { name: words.last, value: status.last_round === null ? words.never : <Time at={status.last_round} /> },
            { name: words.cursor, value: formatCount(status.cursor) },
            { name: words.device, value: <code>{status.device}</code> },
          ]}
        />
      )}
      {status.conflicts > 0 && (
        <div className={styles['buttons']}>
          <LinkButton to="/hana?part=conflicts">{words.toConflicts}</LinkButton>
        </div>
      )}
    </div>
  </Panel>
);

const Waiting = ({ status: { entities, oldest } }: { readonly status: SyncStatus }) => (
  <Panel title={words.waits}>
    {entities.length === 0 ? (
      <p className="muted">{words.nothing}</p>
    ) : (
      <div className={styles['column']}>
        <PlainTable label={words.waits} columns={words.waitsColumns}>
          {entities.map(({ entity, rows, bytes }) => (
            <tr key={entity}>
              <th scope="row">{entityName(entity)}</th>
              <td>{formatCount(rows)}</td>
              <td>{formatBytes(bytes)}</td>
            </tr>
          ))}
        </PlainTable>
        {oldest !== null && (
          <p className="muted">
            {words.oldest} <Time at={oldest} />
          </p>
        )}
      </div>
    )}
  </Panel>
);

function Refused({ problems }: { readonly problems: SyncStatus['problems'] }) {
  const retry = useAct('sync.retry', ['sync.status']);
  return (
    <Panel
      title={words.refused}
      actions={
        <Button
          small
          isPending={retry.isPending}
          onPress={() => retry.mutate({}, { onError: sayFailed, onSuccess: ({ rows }) => sayDone(words.retried(formatCount(rows))) })}
        >
          {words.retry}
        </Button>
      }
    >
      <div className={styles['column']}>
        <p className={styles['text']}>{words.refusedText}</p>
        <PlainTable label={words.refused} columns={words.refusedColumns}>
          {problems.map(({ entity, id, at, attempts, problem }) => (
            <tr key={`${entity} ${id}`}>
              <th scope="row">
                {entityName(entity)} <span className="mono">{id}</span>
              </th>
              <td className={styles['value']}>{problem ?? words.unknown}</td>
              <td>{formatCount(attempts)}</td>
              <td>
                <Time at={at} />
              </td>
            </tr>
          ))}
        </PlainTable>
      </div>
    </Panel>
  );
}
