/** Asks before something is taken off a shelf: what becomes of its files, and what was made from it. By force only after the core has refused. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { shelfCalls, shelfPath } from './shelf-kinds.ts';
import styles from './shelf.module.css';

const words = texts.shelf.item;

export function RemoveDialog({ details, onClose }: { readonly details: ShelfDetails; readonly onClose: () => void }) {
  const { kind, name, path, is_copy: isCopy, runs, versions } = details;
  const remove = useAct(shelfCalls[kind].remove);
  const navigate = useNavigate();
  const [force, setForce] = useState(false);
  const confirm = async (): Promise<void> => {
    try {
      await remove.mutateAsync({ name, force });
      sayDone(words.removed(name));
      await navigate(shelfPath(kind));
    } catch (error) {
      // Whatever else went wrong is said above the buttons.
      if (isAppError(error, 'SHELF_IN_USE')) setForce(true);
    }
  };
  return (
    <Dialog
      isOpen
      title={texts.shelf.kinds[kind].removeTitle(name)}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{texts.actions.cancel}</Button>
          <Button look="danger" isDisabled={remove.isPending} onPress={() => void confirm()}>
            {force ? words.removeForce : texts.actions.remove}
          </Button>
        </>
      }
    >
      <p>{isCopy ? words.removeCopy : words.removeLink(path)}</p>
      {runs.length + versions.length > 0 && <p className={styles['warning']}>{words.depends(runs.length, versions.length, isCopy)}</p>}
      {force && <p className={styles['cannot']}>{words.refused}</p>}
      {remove.error !== null && !isAppError(remove.error, 'SHELF_IN_USE') && <Failure error={remove.error} />}
    </Dialog>
  );
}
