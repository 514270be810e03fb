/** A shelf with nothing on it: what to do about it, and what comes with Lathe at one press. */
import type { About } from '../../../shared/contracts/desk-calls.ts';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './shelf.module.css';

interface EmptyShelfProps {
  readonly kind: ShelfKind;
  readonly onImport: () => void;
}

export function EmptyShelf({ kind, onImport }: EmptyShelfProps) {
  const words = texts.shelf.kinds[kind];
  const about = useCall('host.about', {});
  const add = useAct(kind === 'model' ? 'models.add' : 'datasets.add');
  const path = about.data === undefined ? null : demoPath(about.data, kind);
  const addDemo = (): void => {
    if (path !== null) add.mutate({ name: words.demoName, path }, { onError: sayFailed });
  };
  return (
    <Panel>
      <Empty
        title={words.empty}
        action={
          <div className={styles['buttons']}>
            <Button look="primary" onPress={onImport}>
              {words.import}
            </Button>
            <Button onPress={addDemo} isDisabled={path === null || add.isPending}>
              {add.isPending ? texts.shelf.import.addingDemo : words.addDemo}
            </Button>
          </div>
        }
      >
        {words.emptyText}
      </Empty>
    </Panel>
  );
}

const demoPath = ({ demo: { config } }: About, kind: ShelfKind): string | null => (kind === 'model' ? config.model : config.data?.path) ?? null;
