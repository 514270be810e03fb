/** Copies LATHE_HOME while everything goes on, and says how to bring the copy back. */
import { useState } from 'react';
import type { BackupResult } from '../../../shared/contracts/store-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Panel } from '../../components/panel.tsx';
import { Progress } from '../../components/progress.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import styles from './settings.module.css';

const words = texts.settings.storage;

export function BackupPanel() {
  const backup = useAct('store.backup');
  const [to, setTo] = useState('');
  const [checkpoints, setCheckpoints] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = (): void => {
    const path = to.trim();
    setProblem(path === '' ? words.backupToMissing : null);
    if (path !== '') backup.mutate({ to: path, checkpoints });
  };
  return (
    <Panel title={words.backup}>
      <div className={styles['stack']}>
        <p className={styles['text']}>{words.backupText}</p>
        <Form onSubmit={start}>
          <div className={styles['narrow']}>
            <FileField kind="folder" label={words.backupTo} help={words.backupToHelp} value={to} onChange={setTo} problem={problem} />
          </div>
          <SwitchField label={words.checkpoints} help={words.checkpointsHelp} value={checkpoints} onChange={setCheckpoints} />
          <div>
            <Button type="submit" isDisabled={backup.isPending}>
              {words.backupNow}
            </Button>
          </div>
        </Form>
        {backup.isPending && <Progress label={words.backup} value={null} />}
        {backup.error !== null && <Failure error={backup.error} />}
        {backup.data !== undefined && <Result result={backup.data} />}
      </div>
    </Panel>
  );
}

const Result = ({ result: { manifest, files, bytes, new_files, new_bytes, outside } }: { readonly result: BackupResult }) => (
  <div className={styles['stack']} role="status">
    <p>
      {words.backedUp(formatCount(files), formatBytes(bytes))} {new_files < files && words.backedUpNew(formatCount(new_files), formatBytes(new_bytes))}
    </p>
    {outside.length > 0 && (
      <div>
        <p>{words.outside(outside.length)}</p>
        <ul>
          {outside.map((path) => (
            <li key={path} className="mono">
              {path}
            </li>
          ))}
        </ul>
      </div>
    )}
    <p>{words.restore}</p>
    <Code label={words.restore}>{words.restoreCommand(manifest)}</Code>
  </div>
);
