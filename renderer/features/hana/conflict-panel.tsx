/** One thing that was changed in two places: where the two differ, and the three ways to settle it. */
import type { SyncConflict } from '../../../shared/contracts/sync-calls.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Time } from '../../components/time.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';
import { differingFields } from './payload-fields.ts';
import { entityName } from './sync-words.ts';

const words = texts.hana.conflicts;
type Keep = NonNullable<SyncConflict['kept']>;

export function ConflictPanel({ conflict }: { readonly conflict: SyncConflict }) {
  const { entity, id, kind, at, mine, theirs, clashes, is_ours: isOurs } = conflict;
  const fields = differingFields(mine.payload, theirs.payload);
  const shown = clashes.length === 0 ? fields : fields.filter(({ path }) => clashes.some((clash) => path === clash || path.startsWith(`${clash}.`)));
  return (
    <Panel title={`${entityName(entity)} ${id}`} actions={<Settle conflict={conflict} />}>
      <div className={styles['column']}>
        <p className={styles['line']}>
          <Badge tone="warn">{isOurs ? words.here : words.elsewhere}</Badge>
          <span className="muted">{words.of(mine.device)}</span>
          <Time at={at} />
          {kind === 'two' && <span>{words.two}</span>}
        </p>
        <PlainTable label={words.fields} columns={words.columns(isOurs ? words.here : words.elsewhere)}>
          {shown.map(({ path, mine: here, theirs: there }) => (
            <tr key={path}>
              <th scope="row" className={`mono ${styles['path'] ?? ''}`}>
                {path}
              </th>
              <td className={styles['value']}>{mine.payload === null ? words.gone : (here ?? words.absent)}</td>
              <td className={styles['value']}>{theirs.payload === null ? words.gone : (there ?? words.absent)}</td>
            </tr>
          ))}
        </PlainTable>
      </div>
    </Panel>
  );
}

function Settle({ conflict: { conflict, id, kind, is_ours: isOurs } }: { readonly conflict: SyncConflict }) {
  const settle = useAct('sync.settle', ['sync.conflicts', 'sync.status', 'registry.list']);
  const keep = (which: Keep): void => settle.mutate({ conflict, keep: which }, { onError: sayFailed, onSuccess: () => sayDone(words.done(id)) });
  // Two of one name can both stay; of one thing's states only one can.
  const ways: readonly Keep[] = kind === 'two' ? ['mine', 'theirs', 'both'] : ['mine', 'theirs'];
  return (
    <>
      {ways.map((which) => (
        <Button key={which} small isDisabled={settle.isPending} onPress={() => keep(which)} aria-description={words.meaning[which]}>
          {which === 'mine' && !isOurs ? words.keepLate : words.keep[which]}
        </Button>
      ))}
    </>
  );
}
