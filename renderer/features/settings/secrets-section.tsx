/** Secrets: their names, where they are kept, how one is set. What they are never comes here. */
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { useAct, useCall, useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { SetSecretDialog } from './set-secret-dialog.tsx';
import styles from './settings.module.css';

const words = texts.settings.secrets;
type Kept = OutputOf<'secrets.list'>;

export function SecretsSection() {
  const { shell } = useCore();
  const secrets = useCall('secrets.list', {});
  const [removing, setRemoving] = useState<string | null>(null);
  const [isSetting, setSetting] = useState(false);
  const lock = secrets.data?.lock ?? null;
  // A key in the system's keyring is asked for by commands alone.
  const canSet = shell !== null && secrets.data !== undefined && lock?.kdf.name !== 'keyring';
  return (
    <>
      <Panel title={words.title} actions={canSet && <Button onPress={() => setSetting(true)}>{words.set}</Button>}>
        <div className={styles['stack']}>
          <p className={styles['text']}>{words.text}</p>
          <Loaded query={secrets}>{(kept) => <Names kept={kept} onRemove={setRemoving} />}</Loaded>
        </div>
      </Panel>
      {!canSet && <InTerminal />}
      {canSet && isSetting && <SetSecretDialog shell={shell} lock={lock} onClose={() => setSetting(false)} />}
      {removing !== null && <RemoveDialog name={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

/** In a browser: what is typed there would have to cross to be sealed. */
const InTerminal = () => (
  <Panel title={words.how}>
    <div className={styles['stack']}>
      <Code label={words.how}>{words.command}</Code>
      <p className={styles['text']}>{words.howText}</p>
    </div>
  </Panel>
);

const Names = ({ kept: { secrets, lock }, onRemove }: { readonly kept: Kept; readonly onRemove: (name: string) => void }) => (
  <>
    <p>{words.where[lock === null ? 'none' : lock.kdf.name]}</p>
    {secrets.length > 0 && (
      <PlainTable label={words.title} columns={words.columns}>
        {secrets.map(({ name, set_at }) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td>
              <Time at={set_at} />
            </td>
            <td>
              <div className={styles['end']}>
                <Button small look="quiet" onPress={() => onRemove(name)} aria-label={`${texts.actions.remove} ${name}`}>
                  {texts.actions.remove}
                </Button>
              </div>
            </td>
          </tr>
        ))}
      </PlainTable>
    )}
  </>
);

function RemoveDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const remove = useAct('secrets.remove', ['secrets.list']);
  return (
    <Confirm
      isOpen
      danger
      title={words.removeTitle(name)}
      confirm={texts.actions.remove}
      onClose={onClose}
      onConfirm={() => remove.mutate({ name }, { onError: sayFailed })}
    >
      <p>{words.removeText}</p>
    </Confirm>
  );
}
