/** What is on disk: the folders, a copy of them, and whether the record of what was done is whole. */
import { useCall, useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { AuditPanel } from './audit-panel.tsx';
import { BackupPanel } from './backup-panel.tsx';
import styles from './settings.module.css';

const words = texts.settings.storage;

export const StorageSection = () => (
  <>
    <FoldersPanel />
    <BackupPanel />
    <AuditPanel />
  </>
);

function FoldersPanel() {
  const about = useCall('host.about', {});
  return (
    <Panel title={words.folders}>
      <Loaded query={about}>
        {({ home, folders }) => (
          <Facts
            wide
            facts={Object.entries({ home, ...folders }).map(([name, path]) => ({
              name: words.folderNames[name as keyof typeof words.folderNames],
              value: <Folder path={path} />,
            }))}
          />
        )}
      </Loaded>
    </Panel>
  );
}

export function Folder({ path }: { readonly path: string }) {
  const { shell } = useCore();
  return (
    <span className={styles['folder']}>
      <code>{path}</code>
      {shell !== null && (
        <Button small look="quiet" onPress={() => void shell.showInFolder(path).catch(sayFailed)}>
          {texts.actions.showInFolder}
        </Button>
      )}
    </span>
  );
}
