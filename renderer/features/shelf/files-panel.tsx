/** Where the files of something on a shelf are, and whether they are what was put there. */
import type { ReactNode } from 'react';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/code.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { shelfCalls } from './shelf-kinds.ts';
import styles from './shelf.module.css';

const words = texts.shelf.item;

export function FilesPanel({ details: { kind, name, path, bytes, sha256 } }: { readonly details: ShelfDetails }) {
  const check = useAct(shelfCalls[kind].check);
  return (
    <Panel
      title={words.files}
      actions={
        <Button small isDisabled={check.isPending} onPress={() => check.mutate({ name })}>
          {check.isPending ? words.checking : words.check}
        </Button>
      }
    >
      <div className={styles['part']}>
        {check.error !== null && <Failure error={check.error} />}
        {check.data !== undefined && (
          <p role="status" className={styles[check.data.problem === null ? 'good' : 'warning']}>
            {check.data.problem === null ? words.unchanged : words.changed(check.data.problem)}
          </p>
        )}
        <Facts
          facts={[
            { name: words.path, value: <Copied text={path}>{path}</Copied> },
            { name: words.sha256, value: <Copied text={sha256}>{sha256}</Copied> },
            { name: words.size, value: formatBytes(bytes) },
          ]}
        />
      </div>
    </Panel>
  );
}

const Copied = ({ text, children }: { readonly text: string; readonly children: ReactNode }) => (
  <div className={styles['copied']}>
    <span className="mono">{children}</span>
    <CopyButton text={text} />
  </div>
);
