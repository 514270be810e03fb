/** What can be done with something on a shelf. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { useAct, useCore } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { newRunPath } from './shelf-kinds.ts';

const words = texts.shelf.item;

export function ItemActions({ details }: { readonly details: ShelfDetails }) {
  const { shell } = useCore();
  const refresh = useAct('datasets.refresh', ['datasets.list', 'datasets.get', 'datasets.preview']);
  const [isRemoving, setRemoving] = useState(false);
  const { name } = details;
  const fetchAgain = (): void => refresh.mutate({ name }, { onError: sayFailed, onSuccess: () => sayDone(texts.hana.rows.refreshed(name)) });
  const actions: readonly MenuAction[] = [
    ...(shell === null ? [] : [{ id: 'folder', label: texts.actions.showInFolder, act: () => void shell.showInFolder(details.path).catch(sayFailed) }]),
    // It tells of itself that its rows were fetched.
    ...('hana_source' in details.facts ? [{ id: 'refresh', label: texts.hana.rows.refresh, disabled: refresh.isPending, act: fetchAgain }] : []),
    { id: 'remove', label: texts.actions.remove, danger: true, act: () => setRemoving(true) },
  ];
  return (
    <>
      <LinkButton look="primary" to={newRunPath(details.kind, details.name)}>
        {words.newRun}
      </LinkButton>
      <Menu label={texts.actions.more} actions={actions}>
        <Ellipsis aria-hidden />
      </Menu>
      {isRemoving && <RemoveDialog details={details} onClose={() => setRemoving(false)} />}
    </>
  );
}
