/** Forgets a target, after saying what depends on it. */
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.deploy.targets;

interface RemoveTargetDialogProps {
  readonly known: Pick<KnownTarget, 'active' | 'reports'> & { readonly name: string };
  readonly onClose: () => void;
}

export function RemoveTargetDialog({ known: { name, active }, onClose }: RemoveTargetDialogProps) {
  const remove = useAct('targets.remove', ['targets.list']);
  const history = useCall('deployments.history', { target: name });
  const names = [...new Set((history.data?.servings ?? []).filter(({ to }) => to === null).map(({ alias }) => alias))];
  const onSuccess = (): void => {
    sayDone(words.removed(name));
    onClose();
  };
  return (
    <FormDialog
      danger
      title={words.removeTitle(name)}
      submit={texts.actions.remove}
      onClose={onClose}
      onSubmit={() => remove.mutate({ target: name }, { onSuccess })}
      isPending={remove.isPending}
      error={remove.error}
    >
      <p>{words.removeText}</p>
      {names.length > 0 && <p>{words.removeServes(names.join(', '))}</p>}
      {active.length > 0 && <p>{words.removeBusy(active.length)}</p>}
      <p className="muted">{words.removeKept}</p>
    </FormDialog>
  );
}
