/** The connections with HANA: which one the registry is kept in step with, and what a test of each found. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { HanaReport, KnownHana } from '../../../shared/contracts/hana-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Menu } from '../../components/menu.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';
import { ReportFacts } from './report-facts.tsx';

const words = texts.hana.connections;
export const newConnectionPath = '/hana/connection';
const pathOf = (name: string): string => `${newConnectionPath}/${name}`;

export function ConnectionsPart() {
  const known = useCall('hana.connections', {});
  return (
    <Loaded query={known}>
      {({ connections }) =>
        connections.length === 0 ? (
          <Panel>
            <Empty
              title={words.empty}
              action={
                <LinkButton look="primary" to={newConnectionPath}>
                  {words.new}
                </LinkButton>
              }
            >
              {words.emptyText}
            </Empty>
          </Panel>
        ) : (
          <div className={styles['column']}>
            {connections.map((each) => (
              <ConnectionPanel key={each.connection.name} known={each} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function ConnectionPanel({ known }: { readonly known: KnownHana }) {
  const { connection, is_chosen: isChosen } = known;
  const [report, setReport] = useState<HanaReport | null>(null);
  const test = useAct('hana.test');
  const look = (): void => test.mutate({ connection: connection.name }, { onError: sayFailed, onSuccess: setReport });
  const { name, host, port, user, encrypt, validate_certificate: validates, driver, schema } = connection;
  return (
    <Panel title={name} actions={<Actions known={known} isTesting={test.isPending} onTest={look} />}>
      <div className={styles['column']}>
        <p className={styles['line']}>
          {isChosen ? <Badge tone="good">{words.chosen}</Badge> : <Badge>{words.notChosen}</Badge>}
          <code>{`${host}:${String(port)}`}</code>
          <span>{words.as(user, schema)}</span>
          <span className="muted">{words.drivers[driver]}</span>
          {!encrypt && <Badge tone="warn">{words.plain}</Badge>}
          {encrypt && !validates && <Badge tone="warn">{words.unchecked}</Badge>}
        </p>
        {report !== null && <ReportFacts report={report} onChanged={look} />}
      </div>
    </Panel>
  );
}

interface ActionsProps {
  readonly known: KnownHana;
  readonly isTesting: boolean;
  readonly onTest: () => void;
}

function Actions({ known: { connection, is_chosen: isChosen }, isTesting, onTest }: ActionsProps) {
  const { name } = connection;
  const navigate = useNavigate();
  const connect = useAct('hana.connect', ['hana.connections', 'sync.status']);
  const disconnect = useAct('hana.disconnect', ['hana.connections', 'sync.status']);
  const remove = useAct('hana.remove', ['hana.connections']);
  const [asking, setAsking] = useState<'remove' | 'disconnect' | null>(null);
  return (
    <>
      <Button small aria-label={`${words.test}: ${name}`} isPending={isTesting} onPress={onTest}>
        {words.test}
      </Button>
      {isChosen ? (
        <Button small onPress={() => setAsking('disconnect')}>
          {words.disconnect}
        </Button>
      ) : (
        <Button
          small
          look="primary"
          aria-label={`${words.connect}: ${name}`}
          isPending={connect.isPending}
          onPress={() => connect.mutate({ connection: name }, { onError: sayFailed, onSuccess: () => sayDone(words.connected(name)) })}
        >
          {words.connect}
        </Button>
      )}
      <Menu
        label={words.more(name)}
        actions={[
          { id: 'rows', label: texts.hana.rows.fetchFrom, act: () => void navigate(`/hana/rows?connection=${name}`) },
          { id: 'edit', label: words.edit, act: () => void navigate(pathOf(name)) },
          { id: 'remove', label: texts.actions.remove, danger: true, disabled: isChosen, act: () => setAsking('remove') },
        ]}
      >
        <Ellipsis aria-hidden />
      </Menu>
      <Confirm
        danger
        isOpen={asking === 'remove'}
        title={words.removeTitle(name)}
        confirm={texts.actions.remove}
        onClose={() => setAsking(null)}
        onConfirm={() => remove.mutate({ connection: name }, { onError: sayFailed })}
      >
        <p>{words.removeText}</p>
      </Confirm>
      <Confirm
        isOpen={asking === 'disconnect'}
        title={words.disconnectTitle(name)}
        confirm={words.disconnect}
        onClose={() => setAsking(null)}
        onConfirm={() => disconnect.mutate({}, { onError: sayFailed })}
      >
        <p>{words.disconnectText}</p>
      </Confirm>
    </>
  );
}
