/** Lathe's tables in a HANA are made or brought up to date; or their SQL is shown, for an administrator who does it. */
import { useState } from 'react';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';

const words = texts.hana.report;

interface MakeTablesProps {
  readonly connection: string;
  /** They are there now. */
  readonly onMade: () => void;
}

export function MakeTables({ connection, onMade }: MakeTablesProps) {
  const init = useAct('hana.init');
  const look = useAct('hana.init');
  const [script, setScript] = useState<string | null>(null);
  const onSuccess = (): void => {
    sayDone(words.made(connection));
    onMade();
  };
  return (
    <div className={styles['column']}>
      <p className={styles['text']}>{words.init}</p>
      <div className={styles['buttons']}>
        <Button look="primary" isPending={init.isPending} onPress={() => init.mutate({ connection }, { onError: sayFailed, onSuccess })}>
          {words.make}
        </Button>
        <Button
          isPending={look.isPending}
          onPress={() => look.mutate({ connection, dry_run: true }, { onError: sayFailed, onSuccess: (answer) => setScript(answer.script ?? '') })}
        >
          {words.showSql}
        </Button>
      </div>
      <Dialog wide title={words.sql} isOpen={script !== null} onClose={() => setScript(null)}>
        <Code label={words.sql}>{script ?? ''}</Code>
      </Dialog>
    </div>
  );
}
