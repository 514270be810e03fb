/** Access tokens: who may come in from outside, and as what. */
import { useState } from 'react';
import type { Token } from '../../../shared/contracts/token-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';
import styles from './settings.module.css';
import { tokenState, type TokenState } from './token-state.ts';

const words = texts.settings.tokens;
const tones: Readonly<Record<TokenState, Tone>> = { live: 'good', expired: 'warn', revoked: 'neutral' };

export function TokensSection() {
  const tokens = useCall('tokens.list', {});
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const create = <Button onPress={() => setMaking(true)}>{words.create}</Button>;
  return (
    <Panel title={words.title} actions={create}>
      <div className={styles['stack']}>
        <p className={styles['text']}>{words.text}</p>
        <Loaded query={tokens}>
          {({ tokens: all }) => (all.length === 0 ? <Empty title={words.empty} action={create} /> : <TokenTable tokens={all} onRevoke={setRevoking} />)}
        </Loaded>
      </div>
      {isMaking && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoking !== null && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </Panel>
  );
}

const TokenTable = ({ tokens, onRevoke }: { readonly tokens: readonly Token[]; readonly onRevoke: (token: Token) => void }) => (
  <PlainTable label={words.title} columns={words.columns}>
    {tokens.map((token) => (
      <TokenRow key={token.id} token={token} onRevoke={() => onRevoke(token)} />
    ))}
  </PlainTable>
);

function TokenRow({ token: { name, role, created, last_used, revoked, expires }, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const state = tokenState({ revoked, expires }, new Date());
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{words.roleNames[role]}</td>
      <td>
        <Badge tone={tones[state]}>{words.states[state]}</Badge>
      </td>
      <td>
        <Time at={created} />
      </td>
      <td>{last_used === null ? words.never : <Time at={last_used} />}</td>
      <td>{expires === null ? words.never : <Time at={expires} />}</td>
      <td>
        <div className={styles['end']}>
          {state === 'live' && (
            <Button small look="quiet" onPress={onRevoke} aria-label={`${words.revoke} ${name}`}>
              {words.revoke}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

function RevokeDialog({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const revoke = useAct('tokens.revoke', ['tokens.list']);
  return (
    <Confirm
      isOpen
      danger
      title={words.revokeTitle(token.name)}
      confirm={words.revoke}
      onClose={onClose}
      onConfirm={() => revoke.mutate({ token: token.id }, { onError: sayFailed })}
    >
      <p>{words.revokeText}</p>
    </Confirm>
  );
}
