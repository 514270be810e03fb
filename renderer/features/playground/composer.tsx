/** Where the next message is written. Ctrl/Cmd-Enter sends it. */
import type { KeyboardEvent } from 'react';
import { isMac } from '../../app/shortcuts.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { send, stop, useConversation, write, type Asked } from './conversation.ts';
import styles from './playground.module.css';

const words = texts.playground;

export function Composer({ asked }: { readonly asked: readonly Asked[] }) {
  const { client } = useCore();
  const { draft, asking, options } = useConversation();
  const submit = (): void => void send(client, asked).catch(sayFailed);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(isMac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      className={styles['composer']}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField label={options.isRaw ? words.prompt : words.message} rows={2} value={draft} onChange={write} autoFocus />
      <div className={styles['buttons']}>
        {asking === null ? (
          <Button type="submit" look="primary" isDisabled={draft.trim() === ''}>
            {words.send}
          </Button>
        ) : (
          <Button onPress={() => void stop(client).catch(sayFailed)}>{words.stop}</Button>
        )}
        <span className={styles['hint']}>{words.sendHint(isMac)}</span>
      </div>
    </form>
  );
}
