/** Writes a version into a folder, and shows what has come there. */
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useAct, useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog, FormDialog } from '../../components/dialog.tsx';
import { Facts } from '../../components/facts.tsx';
import { SwitchField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import { TargetField } from './target-field.tsx';
import styles from './registry.module.css';

const words = texts.registry.export;

interface ExportDialogProps {
  readonly version: VersionDetails;
  readonly onClose: () => void;
}

export function ExportDialog({ version, onClose }: ExportDialogProps) {
  const exporting = useAct('registry.export');
  const [dir, setDir] = useState('');
  const [force, setForce] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (exporting.data !== undefined) return <Exported version={version} result={exporting.data} onClose={onClose} />;
  const { name, version: number } = version;
  const submit = (): void => {
    setProblem(dir.trim() === '' ? words.folderMissing : null);
    if (dir.trim() !== '') exporting.mutate({ name, version: number, dir: dir.trim(), force });
  };
  return (
    <FormDialog
      title={words.title(versionText(version))}
      submit={words.submit}
      onClose={onClose}
      onSubmit={submit}
      isPending={exporting.isPending}
      error={exporting.error}
    >
      <TargetField
        label={words.folder}
        help={words.folderHelp}
        value={dir}
        onChange={setDir}
        problem={problem}
        choose={{ title: words.choose, name: `${name}-${number}` }}
        autoFocus
      />
      <SwitchField label={words.force} value={force} onChange={setForce} />
    </FormDialog>
  );
}

function Exported({ version, result, onClose }: ExportDialogProps & { readonly result: OutputOf<'registry.export'> }) {
  const { shell } = useCore();
  return (
    <Dialog
      wide
      title={words.title(versionText(version))}
      isOpen
      onClose={onClose}
      actions={
        <>
          {shell !== null && <Button onPress={() => void shell.showInFolder(result.path)}>{texts.actions.showInFolder}</Button>}
          <Button look="primary" onPress={onClose} autoFocus>
            {texts.actions.close}
          </Button>
        </>
      }
    >
      <div role="status">
        <Facts
          wide
          facts={[
            { name: words.done, value: <span className="mono">{result.path}</span> },
            { name: words.files, value: <Files files={result.files} /> },
          ]}
        />
      </div>
    </Dialog>
  );
}

const Files = ({ files }: { readonly files: readonly string[] }) => (
  <ul className={styles['plain']}>
    {files.map((file) => (
      <li key={file} className="mono">
        {file}
      </li>
    ))}
  </ul>
);
